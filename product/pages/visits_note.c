/* visits_note.c: the note of a visit: one form for the visit and its needs, which also works where there is no network (assets/visit.js). */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/html/assets.h"
#include "platform/record/json.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/need.h"
#include "product/pages/pages_private.h"
#include "product/pages/visits_views.h"
#include "product/visits/visits.h"

enum {
    ANSWER_LIMIT = 256 * 1024,
    AUTHORITIES_MOST = 50,
    KEY_BYTES = 16,
    FIELDS = 8,
    NEED_FIELDS = 3,
    OPTIONS_MOST = 8
};

/* The fields of the visit that are asked; labels and helps are the kind's. */
static const struct asked {
    const char *name;
    enum widget_type type;
    bool required;
    int64_t most;
} asked[FIELDS] = {
    {"day", WIDGET_DATE, true, 0},          {"met", WIDGET_TEXT, false, 300},    {"summary", WIDGET_LINES, false, 4000},
    {"said", WIDGET_LINES, false, 8000},    {"next", WIDGET_LINES, false, 2000}, {"next_day", WIDGET_DATE, false, 0},
    {"authority", WIDGET_SELECT, false, 0}, {"letter", WIDGET_SELECT, false, 0},
};
static const struct asked need_asked[NEED_FIELDS] = {
    {"title", WIDGET_TEXT, false, 140}, {"type", WIDGET_SELECT, false, 0}, {"description", WIDGET_LINES, false, 4000}};

/* One showing of the form. */
struct noting {
    const struct http_request *request;
    struct record_context *context;
    int64_t cluster;
    const struct visit *visit;           /* the planned one, as it is now; NULL: none */
    const struct http_parameters *given; /* NULL: nothing was sent yet */
    const struct faults *faults;
    const struct error *fault;
    const char *key;
    bool preview;
    struct widget_choice *authorities, *types;
    size_t authority_count, type_count;
};

static const char *draw_key(struct arena *arena)
{
    unsigned char bytes[KEY_BYTES];
    char text[2 * KEY_BYTES + 1];
    randombytes_buf(bytes, sizeof bytes);
    return arena_copy(arena, sodium_bin2hex(text, sizeof text, bytes, sizeof bytes));
}

static const char *value_of(const struct noting *noting, const char *name)
{
    if (noting->given) return http_value(noting->given, name);
    if (noting->visit) return field_text(noting->context, kind_field(&visit_kind, name), noting->visit);
    char day[16];
    day_format(time_today(), day);
    return strcmp(name, "day") == 0 ? arena_copy(noting->request->arena, day) : NULL;
}

static const char *fault_of(const struct noting *noting, const char *name)
{
    for (size_t i = 0; noting->faults && i < noting->faults->count; i++)
        if (strcmp(noting->faults->items[i].field, name) == 0)
            return language_error(noting->request->arena, noting->request->language, &noting->faults->items[i]);
    if (noting->fault && noting->fault->status == STATUS_INPUT && strcmp(noting->fault->field, name) == 0)
        return language_error(noting->request->arena, noting->request->language, noting->fault);
    return NULL;
}

/* ---- choices ---- */

/* The public authorities of the cluster's région. */
static enum status find_authorities(struct noting *noting, struct error *error)
{
    noting->authorities = ARENA_ARRAY(noting->request->arena, AUTHORITIES_MOST, struct widget_choice);
    struct db_rows *rows = db_query(
        noting->context->handle,
        "SELECT id, name FROM organisation WHERE type = 'local_authority' AND state = 'open' AND region = (SELECT "
        "region FROM organisation WHERE id = $1) ORDER BY name_key, id LIMIT 50",
        DB_BIND(db_integer(noting->cluster)));
    while (noting->authority_count < AUTHORITIES_MOST && db_next(rows))
        noting->authorities[noting->authority_count++] = (struct widget_choice){
            .value = arena_print(noting->request->arena, "%lld", (long long)db_get_integer(rows, 0)),
            .label = arena_copy(noting->request->arena, db_get_text(rows, 1))};
    return db_end(&rows, error);
}

static void find_types(struct noting *noting)
{
    const struct vocabulary_code **codes = NULL;
    struct arena *arena = noting->request->arena;
    const struct vocabulary *lists = noting->context->records->vocabulary;
    const size_t count = vocabulary_list(lists, arena, "need_type", "subtype", NULL, &codes);
    noting->types = ARENA_ARRAY(arena, count + 1, struct widget_choice);
    for (size_t i = 0; i < count; i++)
        noting->types[noting->type_count++] = (struct widget_choice){
            .value = codes[i]->code,
            .label = vocabulary_label(lists, noting->request->language, "need_type", codes[i]->code)};
}

static struct widget_choice *chosen(struct arena *arena, const struct widget_choice *choices, size_t count,
                                    const char *value)
{
    struct widget_choice *copy = ARENA_ARRAY(arena, count + 1, struct widget_choice);
    for (size_t i = 0; i < count; i++) {
        copy[i] = choices[i];
        copy[i].chosen = value && strcmp(value, choices[i].value) == 0;
    }
    return copy;
}

/* ---- the form ---- */

static struct widget with_options(const struct noting *noting, const struct field *field, struct widget widget)
{
    struct widget_choice *choices = ARENA_ARRAY(noting->request->arena, OPTIONS_MOST, struct widget_choice);
    for (const struct option *option = field->choice.options; option->value && widget.choice_count < OPTIONS_MOST;
         option++)
        choices[widget.choice_count++] =
            (struct widget_choice){.value = option->value,
                                   .label = say(noting->request, option->label),
                                   .chosen = widget.value && strcmp(widget.value, option->value) == 0};
    widget.choices = choices;
    return widget;
}

static struct widget widget_of(const struct noting *noting, const struct kind *kind, const struct asked *row,
                               const char *name, const char *value)
{
    const struct field *field = kind_field(kind, row->name);
    struct arena *arena = noting->request->arena;
    struct widget widget = {.type = row->type,
                            .name = name,
                            .label = say(noting->request, field->label),
                            .help = field->help ? say(noting->request, field->help) : NULL,
                            .error = fault_of(noting, name),
                            .value = value,
                            .required = row->required,
                            .most = row->most};
    if (row->type != WIDGET_SELECT) return widget;
    if (field->type == FIELD_CHOICE) return with_options(noting, field, widget);
    const bool types = kind == &need_kind;
    widget.choice_count = types ? noting->type_count : noting->authority_count;
    widget.choices = chosen(arena, types ? noting->types : noting->authorities, widget.choice_count, value);
    return widget;
}

static const struct note_need_fields *draw_needs(const struct noting *noting)
{
    struct arena *arena = noting->request->arena;
    struct note_need_fields *needs = ARENA_ARRAY(arena, NOTE_NEEDS, struct note_need_fields);
    for (size_t i = 0; i < NOTE_NEEDS; i++) {
        struct widget *fields = ARENA_ARRAY(arena, NEED_FIELDS, struct widget);
        needs[i] = (struct note_need_fields){.fields = fields, .field_count = NEED_FIELDS};
        needs[i].title = language_print(arena, noting->request->language, N_("Need {1}"),
                                        arena_print(arena, "%zu", i + 1), (const char *)NULL);
        for (size_t j = 0; j < NEED_FIELDS; j++) {
            const char *name = arena_print(arena, "need%zu.%s", i + 1, need_asked[j].name);
            const char *value = noting->given ? http_value(noting->given, name) : NULL;
            fields[j] = widget_of(noting, &need_kind, &need_asked[j], name, value);
            if (j == 1) fields[j].help = NULL;
            needs[i].open |= (value && *value) || fields[j].error;
        }
    }
    return needs;
}

/* What the people of the authority will read. */
static const struct part_answers *draw_preview(const struct noting *noting)
{
    static const char *const told[] = {"day", "summary", "next", "next_day"};
    struct arena *arena = noting->request->arena;
    struct part_answer *answers = ARENA_ARRAY(arena, 8, struct part_answer);
    struct part_answers *part = ARENA_NEW(arena, struct part_answers);
    const char *authority = http_value(noting->given, "authority");
    const char *name = record_name(noting->context, &organisation_kind, strtoll(authority, NULL, 10));
    *part = (struct part_answers){
        .title = language_print(arena, noting->request->language, N_("What {1} will read"), name, (const char *)NULL),
        .answers = answers};
    answers[part->answer_count++] = (struct part_answer){.label = say(noting->request, N_("Company visited")),
                                                         .text = http_value(noting->given, "company")};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        answers[part->answer_count++] =
            (struct part_answer){.label = say(noting->request, kind_field(&visit_kind, told[i])->label),
                                 .text = http_value(noting->given, told[i])};
    answers[part->answer_count++] = (struct part_answer){
        .label = say(noting->request, N_("Needs noted")),
        .text = say(noting->request, N_("Those that you write below, as anybody of the network reads them."))};
    return part;
}

static enum status draw_members(const struct noting *noting, struct note_view *view, struct error *error)
{
    struct visits_member *members = NULL;
    const enum status status = visits_members(noting->context, noting->cluster, &members, &view->member_count, error);
    if (status) return status;
    struct note_member *labels = ARENA_ARRAY(noting->request->arena, view->member_count + 1, struct note_member);
    for (size_t i = 0; i < view->member_count; i++)
        labels[i].label = members[i].siren
                              ? arena_print(noting->request->arena, "%s (%s)", members[i].name, members[i].siren)
                              : members[i].name;
    view->members = labels;
    return STATUS_OK;
}

static void draw_faults(struct html *html, const struct noting *noting)
{
    struct part_error lines[FAULTS_MOST + 1];
    struct part_errors part = {.lines = lines};
    const struct http_request *request = noting->request;
    if (noting->fault && (noting->fault->status != STATUS_INPUT || !noting->faults->count))
        lines[part.line_count++] =
            (struct part_error){*noting->fault->field ? noting->fault->field : NULL,
                                language_error(request->arena, request->language, noting->fault)};
    for (size_t i = 0; noting->faults && i < noting->faults->count; i++)
        lines[part.line_count++] =
            (struct part_error){noting->faults->items[i].field,
                                language_error(request->arena, request->language, &noting->faults->items[i])};
    if (part.line_count) template_part_errors(html, &part);
}

/* What is there instead of what was sent, field by field. */
static void draw_theirs(struct html *html, const struct noting *noting)
{
    struct part_answer answers[FIELDS];
    struct part_answers part = {.title = say(noting->request, N_("It reads now")), .answers = answers};
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = kind_field(&visit_kind, asked[i].name);
        answers[part.answer_count++] = (struct part_answer){.label = say(noting->request, field->label),
                                                            .text = field_show(noting->context, field, noting->visit)};
    }
    template_part_answers(html, &part);
}

static enum status draw_note(struct noting *noting, struct http_response *response, struct error *error)
{
    const struct http_request *request = noting->request;
    struct widget fields[FIELDS];
    struct note_view view = {.action = http_url(request, "/visits/note"),
                             .key = noting->key ? noting->key : draw_key(request->arena),
                             .account = arena_print(request->arena, "%lld", (long long)request->viewer->account),
                             .fields = fields,
                             .field_count = FIELDS,
                             .need_count = NOTE_NEEDS,
                             .company_error = fault_of(noting, "company")};
    find_types(noting);
    enum status status = find_authorities(noting, error);
    if (!status) status = draw_members(noting, &view, error);
    if (status) return status;
    for (size_t i = 0; i < FIELDS; i++)
        fields[i] = widget_of(noting, &visit_kind, &asked[i], asked[i].name, value_of(noting, asked[i].name));
    if (noting->visit) {
        view.visit = noting->visit->head.id;
        view.version = noting->visit->head.version;
        view.company = record_name(noting->context, &organisation_kind, noting->visit->company.id);
    } else if (noting->given) {
        view.company = http_value(noting->given, "company");
    }
    view.needs = draw_needs(noting);
    if (noting->preview) view.preview = draw_preview(noting);
    struct html html = page_begin(request);
    const struct part_head head = {
        .title = say(request, N_("Note a visit")),
        .summary = say(request, N_("The visit and the needs found, in one go. It also works without a network."))};
    draw_faults(&html, noting);
    template_part_head(&html, &head);
    if (noting->fault && noting->fault->status == STATUS_CONFLICT && noting->visit) draw_theirs(&html, noting);
    template_visit_note(&html, &view);
    status = readings_commit(noting->context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", true);
}

static enum status begin(struct noting *noting, struct error *error)
{
    noting->cluster = visits_cluster(noting->request->viewer);
    return noting->cluster ? STATUS_OK
                           : error_set(error, STATUS_DENIED, N_("Visits are noted by the officers of a cluster."));
}

static int64_t number_in(const struct http_parameters *parameters, const char *name)
{
    return http_integer(parameters, name, 1, INT64_MAX, 0);
}

static enum status load_visit(struct noting *noting, int64_t id, struct error *error)
{
    void *record = NULL;
    const enum status status = id ? record_load(noting->context, &visit_kind, id, &record, error) : STATUS_OK;
    noting->visit = record;
    return status;
}

/* ?visit=ID: one that was planned. */
enum status page_visit_note(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct noting noting = {.request = request, .context = &context};
    enum status status = begin(&noting, error);
    if (!status) status = load_visit(&noting, number_in(&request->query, "visit"), error);
    return status ? status : draw_note(&noting, response, error);
}

/* ---- what was sent ---- */

static bool wants_json(const struct http_request *request)
{
    const char *accept = request->header(request, "Accept");
    return accept && strstr(accept, "application/json");
}

static enum status send_json(struct http_response *response, struct buffer *out, int status)
{
    response->buffer = out;
    response->media_type = "application/json";
    response->status = status;
    return STATUS_OK;
}

static enum status answer_kept(const struct http_request *request, struct http_response *response,
                               const struct record_change *change)
{
    const int64_t id = ((const struct record *)change->record)->id;
    if (!wants_json(request))
        return http_redirect(request, response, record_url(request, &visit_kind, id),
                             say(request, N_("The note is kept.")));
    struct buffer *out = buffer_new(request->arena, ANSWER_LIMIT);
    buffer_print(out, "{\"id\": \"%lld\", \"again\": %s, \"url\": ", (long long)id, change->again ? "true" : "false");
    json_text(out, record_url(request, &visit_kind, id));
    buffer_char(out, '}');
    return send_json(response, out, change->again ? 200 : 201);
}

/* As it was meant for a device: what is wrong; after a conflict also what is there, and at which version. */
static enum status answer_refused(const struct noting *noting, struct http_response *response)
{
    const struct http_request *request = noting->request;
    struct buffer *out = buffer_new(request->arena, ANSWER_LIMIT);
    const bool conflict = noting->fault->status == STATUS_CONFLICT && noting->visit;
    buffer_text(out, "{\"message\": ");
    json_text(out, language_error(request->arena, request->language, noting->fault));
    buffer_text(out, ", \"errors\": [");
    for (size_t i = 0; i < noting->faults->count; i++) {
        buffer_text(out, i ? ", {\"field\": " : "{\"field\": ");
        json_text(out, noting->faults->items[i].field);
        buffer_text(out, ", \"detail\": ");
        json_text(out, language_error(request->arena, request->language, &noting->faults->items[i]));
        buffer_char(out, '}');
    }
    buffer_char(out, ']');
    if (conflict)
        buffer_print(out, ", \"visit\": \"%lld\", \"version\": \"%lld\", \"theirs\": {",
                     (long long)noting->visit->head.id, (long long)noting->visit->head.version);
    for (size_t i = 0; conflict && i < FIELDS; i++) {
        json_text(out, asked[i].name);
        buffer_text(out, ": ");
        json_text(out, field_text(noting->context, kind_field(&visit_kind, asked[i].name), noting->visit));
        buffer_text(out, i + 1 < FIELDS ? ", " : "}");
    }
    buffer_char(out, '}');
    return send_json(response, out, conflict ? 409 : 422);
}

static enum status answer_again(struct noting *noting, struct http_response *response, struct error *error)
{
    if (wants_json(noting->request)) {
        const enum status status = readings_commit(noting->context, error);
        return status ? status : answer_refused(noting, response);
    }
    const enum status status = draw_note(noting, response, error);
    if (!status && noting->fault) response->status = noting->fault->status == STATUS_CONFLICT ? 409 : 422;
    return status;
}

/* All that was sent but the token, which is another one each time: what one key goes with. */
static const char *content_of(const struct http_request *request)
{
    struct buffer *out = buffer_new(request->arena, ANSWER_LIMIT);
    for (size_t i = 0; i < request->form.count; i++) {
        const struct http_parameter *item = &request->form.items[i];
        if (strcmp(item->name, "csrf") != 0 && *item->value) buffer_print(out, "%s=%s\n", item->name, item->value);
    }
    return buffer_overflowed(out) ? "" : buffer_data(out);
}

static struct note read_note(const struct noting *noting, struct input items[FIELDS])
{
    const struct http_parameters *form = &noting->request->form;
    struct note note = {.cluster = noting->cluster,
                        .visit = number_in(form, "visit"),
                        .version = number_in(form, "version"),
                        .company = http_value(form, "company"),
                        .inputs = {items, 0}};
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = http_value(form, asked[i].name);
        if (text) items[note.inputs.count++] = (struct input){asked[i].name, text};
    }
    for (size_t i = 0; i < NOTE_NEEDS; i++) {
        const char *texts[NEED_FIELDS];
        for (size_t j = 0; j < NEED_FIELDS; j++)
            texts[j] = http_value(form, arena_print(noting->request->arena, "need%zu.%s", i + 1, need_asked[j].name));
        note.needs[i] = (struct note_need){texts[0], texts[1], texts[2]};
    }
    const char *content = content_of(noting->request);
    note.once = (struct once){http_value(form, "key"), content, strlen(content)};
    return note;
}

/* An authority that is told for the first time: what it will read is shown first. */
static bool must_show(const struct noting *noting)
{
    const int64_t authority = number_in(noting->given, "authority");
    const char *seen = http_value(noting->given, "seen");
    return authority && !(seen && *seen) && !(noting->visit && noting->visit->authority.id == authority);
}

enum status post_visit_note(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct faults faults = {.count = 0};
    struct error fault = {0};
    struct input items[FIELDS];
    struct noting noting = {.request = request, .context = &context, .given = &request->form, .faults = &faults};
    struct record_change change = {.faults = &faults};
    enum status status = begin(&noting, error);
    if (!status) status = load_visit(&noting, number_in(&request->form, "visit"), error);
    if (status) return status;
    const struct note note = read_note(&noting, items);
    noting.key = note.once.key;
    noting.preview = must_show(&noting);
    if (noting.preview) return draw_note(&noting, response, error);
    status = note_keep(&context, &note, &change, &fault);
    if (!status) return answer_kept(request, response, &change);
    if (status != STATUS_INPUT && status != STATUS_CONFLICT && !faults.count) {
        *error = fault;
        return status;
    }
    noting.fault = &fault;
    /* As it is now, through a handle that sees what was written since. */
    const int64_t there = change.again ? ((const struct record *)change.record)->id : note.visit;
    status = db_read_in(context.records->db, request->arena, &context.handle, error);
    if (!status) status = load_visit(&noting, there, error);
    if (change.again) noting.key = NULL;
    return status ? status : answer_again(&noting, response, error);
}

enum status send_visit_worker(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)request, (void)error;
    response->media_type = "text/javascript; charset=utf-8";
    response->body = asset_text("visit-worker.js", &response->body_length);
    return STATUS_OK;
}
