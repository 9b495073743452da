#include "platform/record/form.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/files.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"

enum { FOUND_MOST = 12, CHOICES_MOST = 60, SHORT_LIST = 8, INPUT_LIMIT = 64 * 1024, INPUTS_MOST = 200 };

struct drawing {
    struct record_context *context;
    const struct http_request *request;
    const struct kind *kind;
    const void *record;
    const struct http_parameters *given;
    const struct faults *faults;
};

static const enum widget_type widget_types[FIELD_TYPES] = {
    [FIELD_TEXT] = WIDGET_TEXT,     [FIELD_MARKDOWN] = WIDGET_LINES,      [FIELD_LINK] = WIDGET_LINK,
    [FIELD_EMAIL] = WIDGET_EMAIL,   [FIELD_TELEPHONE] = WIDGET_TELEPHONE, [FIELD_SIREN] = WIDGET_TEXT,
    [FIELD_SIRET] = WIDGET_TEXT,    [FIELD_CHOICE] = WIDGET_RADIOS,       [FIELD_CODE] = WIDGET_PICKER,
    [FIELD_CODES] = WIDGET_PICKER,  [FIELD_INTEGER] = WIDGET_NUMBER,      [FIELD_DECIMAL] = WIDGET_NUMBER,
    [FIELD_MONEY] = WIDGET_MONEY,   [FIELD_DATE] = WIDGET_DATE,           [FIELD_PERIOD] = WIDGET_PERIOD,
    [FIELD_YESNO] = WIDGET_YESNO,   [FIELD_REFERENCE] = WIDGET_PICKER,    [FIELD_REFERENCES] = WIDGET_PICKER,
    [FIELD_MOMENT] = WIDGET_MOMENT, [FIELD_FILE] = WIDGET_FILE,           [FIELD_PLACE] = WIDGET_PLACE,
};

static const char *named(struct arena *arena, const struct field *field, const char *suffix)
{
    return arena_print(arena, "%s.%s", field->name, suffix);
}

static const char *given_value(const struct http_parameters *given, struct arena *arena, const struct field *field,
                               const char *suffix)
{
    return http_value(given, *suffix ? named(arena, field, suffix) : field->name);
}

/* All the values of a parameter, joined by ';'. */
static const char *joined(struct arena *arena, const struct http_parameters *given, const char *name)
{
    struct buffer *out = buffer_new(arena, INPUT_LIMIT);
    bool found = false;
    for (size_t i = 0; i < given->count; i++) {
        if (strcmp(given->items[i].name, name) != 0) continue;
        buffer_print(out, "%s%s", buffer_length(out) ? ";" : "", given->items[i].value);
        found = true;
    }
    return found ? buffer_data(out) : NULL;
}

static bool is_there(const char *text) { return text && *text; }

/* What was sent for a picker: what was chosen, else the words that were typed, which may name one thing. */
static const char *picked(struct arena *arena, const struct field *field, const struct http_parameters *given)
{
    const char *chosen = joined(arena, given, field->name), *typed = given_value(given, arena, field, "query");
    return is_there(chosen) || !typed ? chosen : typed;
}

static const char *given_text(struct arena *arena, const struct field *field, const struct http_parameters *given)
{
    const char *value =
        widget_types[field->type] == WIDGET_PICKER ? picked(arena, field, given) : http_value(given, field->name);
    if (field->type == FIELD_FILE) {
        const char *kept = given_value(given, arena, field, "kept"),
                   *removed = given_value(given, arena, field, "remove");
        return is_there(removed) ? "" : kept;
    }
    if (field->type == FIELD_PERIOD) {
        const char *until = given_value(given, arena, field, "until");
        if (!value && !until) return NULL;
        return is_there(value) || is_there(until) ? arena_print(arena, "%s/%s", value ? value : "", until ? until : "")
                                                  : "";
    }
    if (field->type == FIELD_PLACE) {
        const char *latitude = given_value(given, arena, field, "latitude"),
                   *longitude = given_value(given, arena, field, "longitude");
        value = picked(arena, field, given);
        if (is_there(value) && is_there(latitude) && is_there(longitude))
            return arena_print(arena, "%s %s,%s", value, latitude, longitude);
    }
    return value;
}

struct inputs record_form_inputs(const struct http_request *request, const struct kind *kind,
                                 const struct http_parameters *given)
{
    struct input *items = ARENA_ARRAY(request->arena, INPUTS_MOST, struct input);
    struct inputs inputs = {items, 0};
    for (const struct field *field = kind->fields; field->name && inputs.count < INPUTS_MOST - 1; field++) {
        const char *text = given_text(request->arena, field, given);
        if (text) items[inputs.count++] = (struct input){field->name, text};
    }
    const char *audience = http_value(given, "audience");
    if (audience) items[inputs.count++] = (struct input){"audience", audience};
    return inputs;
}

static const char *fault_text(const struct drawing *drawing, const char *name)
{
    for (size_t i = 0; drawing->faults && i < drawing->faults->count; i++)
        if (strcmp(drawing->faults->items[i].field, name) == 0)
            return language_error(drawing->context->arena, drawing->context->language, &drawing->faults->items[i]);
    return NULL;
}

static bool in_list(const char *list, const char *value)
{
    const size_t length = strlen(value);
    for (; list && *list; list += strcspn(list, ";"), list += *list == ';')
        if (strcspn(list, ";") == length && strncmp(list, value, length) == 0) return true;
    return false;
}

static void add_choice(struct widget *widget, struct widget_choice *choices, const char *value, const char *label,
                       const char *hint, bool chosen)
{
    for (size_t i = 0; i < widget->choice_count; i++)
        if (strcmp(choices[i].value, value) == 0) return;
    if (widget->choice_count < CHOICES_MOST)
        choices[widget->choice_count++] = (struct widget_choice){value, label, hint, chosen};
}

static void add_options(const struct drawing *drawing, const struct option *options, const char *chosen,
                        struct widget *widget, struct widget_choice *choices)
{
    for (; options && options->value; options++)
        add_choice(widget, choices, options->value, language_text(drawing->context->language, options->label), NULL,
                   in_list(chosen, options->value));
}

static const char *code_label(const struct drawing *drawing, const struct vocabulary_code *code)
{
    return drawing->context->language == LANGUAGE_FRENCH || !code->label_en ? code->label_fr : code->label_en;
}

/* The codes that are chosen, then those found for what was typed, or the whole list when it is short. */
static void add_codes(const struct drawing *drawing, const char *scheme, const char *level, const char *chosen,
                      struct widget *widget, struct widget_choice *choices)
{
    const struct vocabulary *lists = drawing->context->records->vocabulary;
    struct arena *arena = drawing->context->arena;
    char *words = arena_copy(arena, chosen ? chosen : ""), *next = NULL;
    for (char *word = strtok_r(words, ";", &next); word; word = strtok_r(NULL, ";", &next)) {
        const struct vocabulary_code *code = vocabulary_find(lists, scheme, word);
        if (code) add_choice(widget, choices, code->code, code_label(drawing, code), NULL, true);
    }
    if (widget->searched) {
        const struct vocabulary_code *found[FOUND_MOST];
        const size_t count = vocabulary_search(lists, arena, drawing->context->language, scheme, level, widget->query,
                                               found, FOUND_MOST);
        for (size_t i = 0; i < count; i++)
            add_choice(widget, choices, found[i]->code, code_label(drawing, found[i]), found[i]->code, false);
    }
}

static bool add_short_list(const struct drawing *drawing, const struct field *field, const char *chosen,
                           struct widget *widget, struct widget_choice *choices)
{
    const struct vocabulary_code **all = NULL;
    const size_t count = vocabulary_list(drawing->context->records->vocabulary, drawing->context->arena,
                                         field->code.scheme, field->code.level, NULL, &all);
    if (count > CHOICES_MOST || field->type != FIELD_CODE) return false;
    widget->type = count > SHORT_LIST ? WIDGET_SELECT : WIDGET_RADIOS;
    for (size_t i = 0; i < count; i++)
        if (!all[i]->retired)
            add_choice(widget, choices, all[i]->code, code_label(drawing, all[i]), NULL, in_list(chosen, all[i]->code));
    return true;
}

static void add_references(const struct drawing *drawing, const struct field *field, const char *chosen,
                           struct widget *widget, struct widget_choice *choices)
{
    struct record_context *context = drawing->context;
    const struct kind *kind = kind_find(field->reference.to);
    char *words = arena_copy(context->arena, chosen ? chosen : ""), *next = NULL;
    for (char *word = strtok_r(words, ";", &next); word; word = strtok_r(NULL, ";", &next)) {
        int64_t id = 0;
        if (record_resolve(context, kind, word, &id, NULL)) continue;
        add_choice(widget, choices, arena_print(context->arena, "%lld", (long long)id), record_name(context, kind, id),
                   NULL, true);
    }
    if (!widget->searched) return;
    struct record_match found[FOUND_MOST];
    const size_t count = record_suggest(context, kind, widget->query, found, FOUND_MOST);
    for (size_t i = 0; i < count; i++)
        add_choice(widget, choices, arena_print(context->arena, "%lld", (long long)found[i].id), found[i].name,
                   found[i].hint, false);
}

static void add_choices(const struct drawing *drawing, const struct field *field, const char *text,
                        struct widget *widget)
{
    struct widget_choice *choices = ARENA_ARRAY(drawing->context->arena, CHOICES_MOST, struct widget_choice);
    struct arena *arena = drawing->context->arena;
    widget->choices = choices;
    switch ((int)field->type) {
    case FIELD_CHOICE: add_options(drawing, field->choice.options, text, widget, choices); break;
    case FIELD_PLACE:
        widget->suggest = "/api/v1/vocabulary/territory?level=commune";
        add_codes(drawing, "territory", "commune", text ? arena_copy_bytes(arena, text, strcspn(text, " ")) : NULL,
                  widget, choices);
        break;
    case FIELD_CODE:
    case FIELD_CODES:
        if (add_short_list(drawing, field, text, widget, choices)) break;
        widget->several = field->type == FIELD_CODES;
        widget->suggest = arena_print(arena, "/api/v1/vocabulary/%s%s%s", field->code.scheme,
                                      field->code.level ? "?level=" : "", field->code.level ? field->code.level : "");
        add_codes(drawing, field->code.scheme, field->code.level, text, widget, choices);
        break;
    case FIELD_REFERENCE:
    case FIELD_REFERENCES:
        widget->several = field->type == FIELD_REFERENCES;
        widget->suggest = arena_print(arena, "/api/v1/suggest/%s", field->reference.to);
        add_references(drawing, field, text, widget, choices);
        break;
    default: break;
    }
}

/* "application/pdf;image/png" as the accept attribute of HTML writes it. */
static const char *comma_list(struct arena *arena, const char *list)
{
    char *commas = arena_copy(arena, list);
    for (char *at = commas; *at; at++)
        if (*at == ';') *at = ',';
    return commas;
}

static const char *typed(const struct drawing *drawing, const struct field *field, const char *suffix)
{
    return drawing->given ? given_value(drawing->given, drawing->context->arena, field, suffix) : NULL;
}

static void set_period(const struct drawing *drawing, const char *text, struct widget *widget)
{
    const char *slash = text ? strchr(text, '/') : NULL;
    if (!slash) return;
    widget->value = arena_copy_bytes(drawing->context->arena, text, (size_t)(slash - text));
    widget->until = slash + 1;
}

static void set_point(const struct drawing *drawing, const struct field *field, struct widget *widget)
{
    const struct place *place = field_value(field, drawing->record);
    widget->latitude = typed(drawing, field, "latitude");
    widget->longitude = typed(drawing, field, "longitude");
    if (drawing->given || place->latitude == ABSENT || place->approximate == 1) return;
    widget->latitude = arena_print(drawing->context->arena, "%.6f", (double)place->latitude / 1e6);
    widget->longitude = arena_print(drawing->context->arena, "%.6f", (double)place->longitude / 1e6);
}

/* The file that the record has, or the one that was brought with a form that could not be saved. */
static void set_file(const struct drawing *drawing, const struct field *field, struct widget *widget)
{
    struct record_context *context = drawing->context;
    struct file file = *(const struct file *)field_value(field, drawing->record);
    const char *kept = typed(drawing, field, "kept");
    const bool brought = is_there(kept) && !field_type(field)->parse(context, field, kept, &file, NULL);
    widget->largest = field->file.largest;
    widget->media_types = comma_list(context->arena, field->file.media_types);
    widget->file_name = file.name;
    widget->file_size = file.size;
    widget->file_kept = brought ? kept : NULL;
    widget->file_removed = is_there(typed(drawing, field, "remove"));
    if (file.id && !brought)
        widget->file_url = http_url(drawing->request, arena_print(context->arena, "/files/%lld", (long long)file.id));
}

static struct widget field_widget(const struct drawing *drawing, const struct field *field)
{
    const enum language language = drawing->context->language;
    const char *text = drawing->given ? given_text(drawing->context->arena, field, drawing->given)
                                      : field_text(drawing->context, field, drawing->record);
    struct widget widget = {.type = widget_types[field->type],
                            .name = field->name,
                            .label = language_text(language, field->label),
                            .help = field->help ? language_text(language, field->help) : NULL,
                            .error = fault_text(drawing, field->name),
                            .value = text,
                            .required = field->required,
                            .query = typed(drawing, field, "query")};
    const char *pick = drawing->given ? http_value(drawing->given, "pick") : NULL;
    widget.searched = pick && strcmp(pick, field->name) == 0;
    if (field->type == FIELD_TEXT || field->type == FIELD_MARKDOWN) widget.most = field->text.max;
    if (field->type == FIELD_TEXT && field->text.several_lines) widget.type = WIDGET_LINES;
    if (field->type == FIELD_SIREN || field->type == FIELD_SIRET) widget.narrow = true;
    if (widget.type == WIDGET_NUMBER)
        widget.unit = field->number.unit ? language_text(language, field->number.unit) : NULL;
    if (field->type == FIELD_MOMENT && !field->help)
        widget.help = language_text(language, N_("By the clocks of Paris."));
    if (field->type == FIELD_PERIOD) set_period(drawing, text, &widget);
    if (field->type == FIELD_MOMENT && text && !drawing->given)
        widget.value = moment_typed(drawing->context->arena, field_value(field, drawing->record));
    if (field->type == FIELD_PLACE) set_point(drawing, field, &widget);
    if (field->type == FIELD_FILE) set_file(drawing, field, &widget);
    add_choices(drawing, field, text, &widget);
    return widget;
}

static struct widget audience_widget(const struct drawing *drawing)
{
    struct widget_choice *choices = ARENA_ARRAY(drawing->context->arena, 4, struct widget_choice);
    const char *given = drawing->given ? http_value(drawing->given, "audience") : NULL;
    const char *chosen = given ? given : audience_option(head_in(drawing->record)->audience)->value;
    struct widget widget = {.type = WIDGET_RADIOS,
                            .name = "audience",
                            .label = language_text(drawing->context->language, N_("Who may see it")),
                            .choices = choices,
                            .required = true,
                            .error = fault_text(drawing, "audience")};
    for (int i = AUDIENCE_PRIVATE; i <= AUDIENCE_PUBLIC; i++) {
        const struct option *option = audience_option((enum audience)i);
        add_choice(&widget, choices, option->value, language_text(drawing->context->language, option->label), NULL,
                   strcmp(option->value, chosen) == 0);
    }
    return widget;
}

const struct form *record_form(struct record_context *context, const struct http_request *request,
                               const struct kind *kind, const void *record, const struct http_parameters *given,
                               const struct faults *faults)
{
    const struct drawing drawing = {context, request, kind, record, given, faults};
    const struct record *head = record;
    const rights held = head->owner ? record_held(context, head) : context->viewer->roles;
    struct widget *widgets = ARENA_ARRAY(context->arena, INPUTS_MOST, struct widget);
    struct form_group *group = ARENA_NEW(context->arena, struct form_group);
    struct form *form = ARENA_NEW(context->arena, struct form);
    for (const struct field *field = kind->fields; field->name && group->field_count < INPUTS_MOST - 1; field++)
        if (field_writable(kind, field, held, head->id != 0) && (field_readable(kind, field, held) || !head->id) &&
            (head->id || !field->later))
            widgets[group->field_count++] = field_widget(&drawing, field);
    if (!kind->fixed_audience) widgets[group->field_count++] = audience_widget(&drawing);
    group->fields = widgets;
    form->groups = group;
    form->group_count = 1;
    form->multipart = kind_has_files(kind);
    form->mark_optional = true;
    form->version = head->version;
    form->action = http_url(request, head->id ? arena_print(context->arena, "%s/%lld", kind->path, (long long)head->id)
                                              : kind->path);
    form->submit = language_text(context->language, head->id ? N_("Save the changes") : N_("Save"));
    form->cancel_url = http_url(
        request, head->id ? arena_print(context->arena, "%s/%lld", kind->path, (long long)head->id) : kind->path);
    return form;
}
