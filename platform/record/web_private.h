/* web_private.h: what the pages and the API of records share. */
#ifndef PLATFORM_RECORD_WEB_PRIVATE_H
#define PLATFORM_RECORD_WEB_PRIVATE_H

#include "platform/record/web.h"

/* Takes "state" and "reason" out of the inputs. */
void take_state(struct inputs *inputs, const char **state, const char **reason);

/* A record just written, through a read handle that sees the write. */
enum status reread(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                   struct error *error);

/* A record as JSON, with its tag; faults as problem details (RFC 9457), each with its field. */
enum status send_record(struct record_context *context, const struct http_request *request, const struct kind *kind,
                        const void *record, struct http_response *response, struct error *error);
enum status send_faults(const struct http_request *request, const struct faults *faults, const struct error *error,
                        struct http_response *response);
/* The kind and the number that the address of the API names. */
enum status api_kind(const struct http_request *request, const struct kind **kind, struct error *error);
int64_t api_id(const struct http_request *request);
/* The version that the caller saw: If-Match: "3-..." or the member "version"; 0 when neither is given. */
int64_t expected_version(const struct http_request *request, int64_t member);

http_handler record_file_get, record_file_post, record_file_delete;
http_handler record_api_list, record_api_openapi;
http_handler record_list_page, record_map_page, record_points, record_page, record_form_page, record_form_post,
    record_step_post, record_history_page, record_erase_page, record_erase_post, record_forget_page, record_forget_post,
    record_export, record_export_post, record_export_columns, record_import_page, record_import_post,
    record_import_show, record_import_act, record_import_remarks, record_feed_atom, record_feed_calendar;

#endif
