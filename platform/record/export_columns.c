/* export_columns.c: choosing the columns and the form of a file before it is made. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/templates.h"
#include "platform/record/export.h"
#include "platform/record/pages_private.h"

enum { CHOICES_MOST = 200, NAMES_LIMIT = 8192 };

const char *export_columns(const struct http_request *request)
{
    struct buffer *names = buffer_new(request->arena, NAMES_LIMIT);
    for (size_t i = 0; i < request->query.count; i++)
        if (strcmp(request->query.items[i].name, "columns") == 0 && *request->query.items[i].value)
            buffer_print(names, "%s%s", buffer_length(names) ? "," : "", request->query.items[i].value);
    return buffer_length(names) ? buffer_data(names) : NULL;
}

static struct widget column_choices(struct record_context *context, const struct kind *kind)
{
    struct widget_choice *choices = ARENA_ARRAY(context->arena, CHOICES_MOST, struct widget_choice);
    struct widget widget = {.type = WIDGET_CHECKBOXES,
                            .name = "columns",
                            .label = language_text(context->language, N_("Columns")),
                            .help = language_text(context->language, N_("The number and the step are always there.")),
                            .choices = choices,
                            .required = true};
    for (const struct field *field = kind->fields; field->name && widget.choice_count < CHOICES_MOST; field++)
        if (field_readable(kind, field, context->viewer->roles))
            choices[widget.choice_count++] = (struct widget_choice){
                .value = field->name, .label = language_text(context->language, field->label), .chosen = field->list};
    return widget;
}

static struct widget format_choices(struct record_context *context, const struct kind *kind)
{
    static const struct widget_choice formats[] = {{.value = "csv", .label = "CSV", .chosen = true},
                                                   {.value = "xlsx", .label = "XLSX"},
                                                   {.value = "json", .label = "JSON"},
                                                   {.value = "geojson", .label = "GeoJSON"}};
    return (struct widget){.type = WIDGET_RADIOS,
                           .name = "format",
                           .label = language_text(context->language, N_("Form of the file")),
                           .choices = formats,
                           .choice_count = kind->place ? 4 : 3,
                           .required = true};
}

/* The list's own filters, sent along with the form. */
static struct record_columns columns_view(struct record_context *context, const struct http_request *request,
                                          const struct kind *kind)
{
    struct widget *fields = ARENA_ARRAY(context->arena, 2, struct widget);
    struct widget *filters = ARENA_ARRAY(context->arena, request->query.count + 1, struct widget);
    struct record_columns view = {.action = http_url(request, arena_print(context->arena, "%s/export", kind->path)),
                                  .cancel_url = http_url(request, kind->path),
                                  .fields = fields,
                                  .field_count = 2,
                                  .filters = filters};
    fields[0] = column_choices(context, kind);
    fields[1] = format_choices(context, kind);
    for (size_t i = 0; i < request->query.count; i++) {
        const struct http_parameter *item = &request->query.items[i];
        if (strcmp(item->name, "columns") != 0 && strcmp(item->name, "format") != 0)
            filters[view.filter_count++] =
                (struct widget){.type = WIDGET_HIDDEN, .name = item->name, .value = item->value};
    }
    return view;
}

enum status record_export_columns(const struct http_request *request, struct http_response *response,
                                  struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const char *title = language_text(request->language, N_("Choose the columns"));
    const struct part_head head = {.over = language_text(request->language, kind->plural), .title = title};
    const struct record_columns view = columns_view(&context, request, kind);
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    (void)error;
    template_part_head(&html, &head);
    template_record_columns(&html, &view);
    const struct page page = {.title = title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .narrow = true,
                              .crumbs = record_crumbs(request, kind, NULL, NULL, title)};
    page_send(request, response, &page);
    return STATUS_OK;
}
