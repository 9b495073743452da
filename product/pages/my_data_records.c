/* my_data_records.c: what records say of a person, and who read it. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/record/people.h"
#include "platform/record/readings.h"
#include "product/pages/account_views.h"
#include "product/pages/my_data_private.h"
#include "product/pages/pages_private.h"

enum { FOUND_MOST = 200, READINGS_MOST = 100, LINES_MOST = 40, FILED_MOST = 10000 };

void my_add(struct my_data *data, const struct my_part *part)
{
    if (!part->item_count) return;
    ENSURE(data->part_count < MY_PARTS);
    data->parts[data->part_count++] = *part;
}

/* ---- what names me ---- */

static const char *kept_elsewhere(const struct http_request *request, const struct people_found *found)
{
    if (found->in_history) return say(request, N_("Your address stands in its history, no more in the record itself."));
    return say(request, N_("Your address stands in it. Its organisation does not show it to you here: ask for it "
                           "below, with its number."));
}

static struct my_item found_item(const struct http_request *request, struct record_context *context,
                                 const struct people_found *found)
{
    struct my_line lines[LINES_MOST];
    size_t count = 0;
    void *record = NULL;
    const char *number = arena_print(request->arena, "%lld", (long long)found->id);
    const bool seen = record_load(context, found->kind, found->id, &record, NULL) == STATUS_OK;
    lines[count++] = (struct my_line){"kind", say(request, N_("Kind")), say(request, found->kind->title)};
    lines[count++] = (struct my_line){"number", say(request, N_("Number")), number};
    const size_t before = count;
    for (const struct field *field = found->kind->fields; seen && field->name && count < LINES_MOST - 1; field++) {
        const char *text = field->is_personal ? field_show(context, field, record) : NULL;
        if (text) lines[count++] = (struct my_line){field->name, say(request, field->label), text};
    }
    if (count == before || found->in_history)
        lines[count++] = (struct my_line){"remark", say(request, N_("Remark")), kept_elsewhere(request, found)};
    struct my_item item = my_item(request->arena, lines, count);
    item.title = seen ? record_title(found->kind, record)
                      : arena_print(request->arena, "%s %s", say(request, found->kind->title), number);
    item.url = seen ? record_url(request, found->kind, found->id) : NULL;
    return item;
}

/* ---- who read it ---- */

static const char *way_of(const struct http_request *request, const char *origin)
{
    if (strcmp(origin, "page") == 0) return say(request, N_("on a page"));
    if (strcmp(origin, "api") == 0) return say(request, N_("by a program"));
    if (strcmp(origin, "export") == 0) return say(request, N_("in a file"));
    return origin;
}

static struct my_item reading_item(const struct http_request *request, struct record_context *context,
                                   const struct people_reading *reading)
{
    const char *name = record_name(context, reading->kind, reading->record);
    const char *nobody = reading->account ? N_("an account that is gone") : N_("somebody who was not signed in");
    const struct my_line lines[] = {
        {"moment", say(request, N_("When")), language_moment(request->arena, request->language, reading->moment)},
        {"who", say(request, N_("Who")), reading->account_name ? reading->account_name : say(request, nobody)},
        {"what", say(request, N_("What")), say(request, reading->field->label)},
        {"where", say(request, N_("Of which record")),
         *name
             ? name
             : arena_print(request->arena, "%s %lld", say(request, reading->kind->title), (long long)reading->record)},
        {"way", say(request, N_("How")), way_of(request, reading->origin)}};
    return my_item(request->arena, lines, 5);
}

static void add_readings(const struct http_request *request, struct record_context *context, struct my_part part,
                         const struct people_reading *readings, size_t count, struct my_data *data)
{
    struct my_item *items = ARENA_ARRAY(request->arena, count + 1, struct my_item);
    for (size_t i = 0; i < count; i++)
        if (readings[i].account != own_id(request))
            items[part.item_count++] = reading_item(request, context, &readings[i]);
    part.items = items;
    part.alike = true;
    my_add(data, &part);
}

static enum status add_found(const struct http_request *request, struct record_context *context, struct my_data *data,
                             struct error *error)
{
    struct account account = {.id = 0};
    struct people_found found[FOUND_MOST];
    struct people_reading readings[READINGS_MOST];
    size_t count = 0, read = 0;
    enum status status = account_load(request->read, request->arena, own_id(request), &account, error);
    if (!status)
        status =
            people_find(context, &(struct people_sought){.email = account.email}, found, FOUND_MOST, &count, error);
    if (status) return status;
    struct my_item *items = ARENA_ARRAY(request->arena, count + 1, struct my_item);
    for (size_t i = 0; !status && i < count; i++) {
        size_t more = 0;
        items[i] = found_item(request, context, &found[i]);
        status =
            people_readings(context, found[i].kind, found[i].id, readings + read, READINGS_MOST - read, &more, error);
        read += more;
    }
    my_add(data,
           &(struct my_part){"records", say(request, N_("Records that give my address")), NULL, false, items, count});
    if (!status)
        add_readings(request, context, (struct my_part){.name = "readers", .title = say(request, N_("Who read it"))},
                     readings, read, data);
    return status;
}

static enum status add_organisation(const struct http_request *request, struct record_context *context,
                                    struct my_data *data, struct error *error)
{
    struct people_reading readings[READINGS_MOST];
    const struct viewer *viewer = request->viewer;
    size_t count = 0;
    if (!viewer->organisation || !(viewer_rights(viewer, viewer->organisation) & OWNER)) return STATUS_OK;
    const enum status status =
        people_readings_of(context, viewer->organisation, readings, READINGS_MOST, &count, error);
    const char *title = language_print(request->arena, request->language, N_("Who read the contacts given by {1}"),
                                       viewer->organisation_name, (const char *)NULL);
    if (!status)
        add_readings(request, context, (struct my_part){.name = "readers_of_my_organisation", .title = title}, readings,
                     count, data);
    return status;
}

/* ---- what I did ---- */

static enum status add_lines(const struct http_request *request, const char *sql, const struct my_part *part,
                             struct my_data *data, struct error *error)
{
    struct my_item *items = ARENA_ARRAY(request->arena, FILED_MOST, struct my_item);
    struct my_part made = *part;
    struct db_rows *rows = db_query(request->read, sql, DB_BIND(db_integer(own_id(request)), db_integer(FILED_MOST)));
    while (made.item_count < FILED_MOST && db_next(rows)) {
        const struct kind *kind = kind_find(db_get_text(rows, 1));
        const struct my_line lines[] = {
            {"moment", say(request, N_("When")),
             language_moment(request->arena, request->language, db_get_integer(rows, 0))},
            {"kind", say(request, N_("Kind")),
             kind ? say(request, kind->title) : arena_copy(request->arena, db_get_text(rows, 1))},
            {"number", say(request, N_("Number")),
             arena_print(request->arena, "%lld", (long long)db_get_integer(rows, 2))},
            {"action", say(request, N_("What")), arena_copy(request->arena, db_get_text(rows, 3))}};
        items[made.item_count++] = my_item(request->arena, lines, 4);
    }
    made.items = items;
    my_add(data, &made);
    return db_end(&rows, error);
}

static enum status add_done(const struct http_request *request, struct my_data *data, struct error *error)
{
    const enum status status = add_lines(
        request, "SELECT moment, kind, record, action FROM record_history WHERE account = $1 ORDER BY id DESC LIMIT $2",
        &(struct my_part){.name = "filed", .title = say(request, N_("What I filed and changed")), .alike = true}, data,
        error);
    return status ? status
                  : add_lines(request,
                              "SELECT moment, kind, record, field FROM record_reading WHERE account = $1 ORDER BY "
                              "moment DESC LIMIT $2",
                              &(struct my_part){.name = "read",
                                                .title = say(request, N_("Personal details that I was shown")),
                                                .alike = true},
                              data, error);
}

enum status my_data_gather(const struct http_request *request, bool whole, struct my_data *data, struct error *error)
{
    struct record_context context = record_request(request, whole ? "export" : "page");
    *data = (struct my_data){.part_count = 0};
    readings_begin(&context);
    enum status status = my_gather_account(request, data, error);
    if (!status) status = add_found(request, &context, data, error);
    if (!status) status = add_organisation(request, &context, data, error);
    if (!status && whole) status = add_done(request, data, error);
    return status ? status : readings_commit(&context, error);
}
