/* erase_pages.c: erasing a record, or what it says of people alone: what goes and what stays is said before. */
#include <string.h>

#include "base/arena.h"
#include "platform/html/templates.h"
#include "platform/record/pages_private.h"

static enum status load_erasable(struct record_context *context, const struct kind *kind, int64_t id, bool people,
                                 void **record, struct error *error)
{
    const enum status status = record_load(context, kind, id, record, error);
    if (status) return status;
    const bool may = people ? record_may_forget(context, kind, *record) : kind->erase & record_held(context, *record);
    return may ? STATUS_OK : error_set(error, STATUS_DENIED, N_("You may not erase this."));
}

static const char *law_sentence(struct record_context *context, const struct kind *kind, const struct record *head)
{
    struct error kept = {0};
    return check_law(context, kind, head, &kept) ? language_error(context->arena, context->language, &kept) : NULL;
}

static const char *address(const struct http_request *request, const struct kind *kind, int64_t id, const char *act)
{
    return http_url(request, arena_print(request->arena, "%s/%lld/%s", kind->path, (long long)id, act));
}

/* Which details, by their labels. */
static const char *details(struct record_context *context, const struct kind *kind)
{
    const char *list = NULL;
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field->is_personal) continue;
        const char *label = language_text(context->language, field->label);
        list = list ? arena_print(context->arena, "%s, %s", list, label) : label;
    }
    return list;
}

static struct record_erasure record_view(struct record_context *context, const struct http_request *request,
                                         const struct kind *kind, const void *record)
{
    const struct record *head = record;
    const bool people = record_may_forget(context, kind, record);
    return (struct record_erasure){
        .head = {.title = language_print(context->arena, context->language, N_("Erase “{1}”?"),
                                         record_title(kind, record), (const char *)NULL)},
        .text = language_text(context->language,
                              N_("The record, its place in lists, the content of its history, its files and what was "
                                 "kept of it in imported or exported files are erased for good.")),
        .stays = language_text(context->language,
                               N_("That there was a record, when it was filed and changed and by which account, and "
                                  "that you erased it, stays known, without any of its content. Backups made before "
                                  "keep it until they are replaced; one that is restored erases it again.")),
        .button = language_text(context->language, N_("Erase for good")),
        .law = law_sentence(context, kind, head),
        .version = head->version,
        .action = address(request, kind, head->id, "erase"),
        .cancel_url = record_url(request, kind, head->id),
        .other = language_text(context->language, N_("Erase only the personal details")),
        .other_url = people ? address(request, kind, head->id, "forget") : NULL};
}

static struct record_erasure people_view(struct record_context *context, const struct http_request *request,
                                         const struct kind *kind, const void *record)
{
    const struct record *head = record;
    return (struct record_erasure){
        .head = {.title = language_print(context->arena, context->language, N_("Erase the personal details of “{1}”?"),
                                         record_title(kind, record), (const char *)NULL)},
        .text = language_print(context->arena, context->language,
                               N_("Erased for good: {1}. In the record, in what hangs on it, in its history and in "
                                  "imported or exported files."),
                               details(context, kind), (const char *)NULL),
        .stays = language_text(context->language,
                               N_("The rest of the record stays. Who read these details, and when, stays known, "
                                  "without the details themselves. Backups made before keep them until they are "
                                  "replaced; one that is restored erases them again.")),
        .button = language_text(context->language, N_("Erase the personal details")),
        .law = law_sentence(context, kind, head),
        .version = head->version,
        .action = address(request, kind, head->id, "forget"),
        .cancel_url = record_url(request, kind, head->id)};
}

static enum status show(const struct http_request *request, struct http_response *response, bool people,
                        struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    void *record = NULL;
    enum status status = load_erasable(&context, kind, page_id(request), people, &record, error);
    if (status) return status;
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const struct record_erasure view =
        people ? people_view(&context, request, kind, record) : record_view(&context, request, kind, record);
    template_record_erasure(&html, &view);
    const struct page page = {.title = view.button, .section = kind->path, .body = html_finish(&html), .narrow = true};
    page_send(request, response, &page);
    return STATUS_OK;
}

enum status record_erase_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    return show(request, response, false, error);
}

enum status record_forget_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    return show(request, response, true, error);
}

static int64_t version_sent(const struct http_request *request)
{
    return http_integer(&request->form, "version", 0, INT64_MAX, 0);
}

enum status record_erase_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const enum status status = record_erase(&context, kind, page_id(request), version_sent(request), NULL, error);
    return status ? status
                  : http_redirect(request, response, http_url(request, kind->path),
                                  language_text(request->language, N_("It is erased.")));
}

enum status record_forget_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const int64_t id = page_id(request);
    const enum status status = record_forget(&context, kind, id, version_sent(request), error);
    return status ? status
                  : http_redirect(request, response, record_url(request, kind, id),
                                  language_text(request->language, N_("The personal details are erased.")));
}
