/* web_private.h: what the pages and the API of records share. */
#ifndef PLATFORM_RECORD_WEB_PRIVATE_H
#define PLATFORM_RECORD_WEB_PRIVATE_H

#include "platform/record/web.h"

/* Takes "state" and "reason" out of the inputs. */
void take_state(struct inputs *inputs, const char **state, const char **reason);

/* A record just written, through a read handle that sees the write. */
enum status reread(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                   struct error *error);

http_handler record_api_list, record_api_openapi;
http_handler record_list_page, record_map_page, record_points, record_page, record_form_page, record_form_post,
    record_step_post, record_history_page, record_erase_page, record_erase_post, record_export, record_import_page,
    record_import_post, record_import_show, record_import_act, record_import_remarks;

#endif
