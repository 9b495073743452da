#include "platform/html/widget.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/templates.h"
#include "platform/html/widget_private.h"

enum { USUAL_LINES = 5, LONG_LINES = 10, LONG_TEXT = 2000 };

const char *widget_id(struct arena *arena, const char *name) { return arena_print(arena, "f-%s", name); }

/* How each type is asked for. */
static const struct {
    void (*draw)(struct html *html, const struct widget_view *view);
    const char *input_type;
    const char *input_mode;
} types[WIDGET_TYPES] = {
    [WIDGET_TEXT] = {template_widget_input, "text", NULL},
    [WIDGET_LINES] = {template_widget_lines, NULL, NULL},
    [WIDGET_LINK] = {template_widget_input, "url", "url"},
    [WIDGET_EMAIL] = {template_widget_input, "email", "email"},
    [WIDGET_TELEPHONE] = {template_widget_input, "tel", "tel"},
    [WIDGET_PASSWORD] = {template_widget_input, "password", NULL},
    /* Not type="number": browsers change such values on scrolling, and refuse « 1 234,5 ». */
    [WIDGET_NUMBER] = {template_widget_input, "text", "decimal"},
    [WIDGET_MONEY] = {template_widget_input, "text", "decimal"},
    [WIDGET_DATE] = {template_widget_input, "date", NULL},
    [WIDGET_PERIOD] = {template_widget_period, "date", NULL},
    [WIDGET_MOMENT] = {template_widget_input, "datetime-local", NULL},
    [WIDGET_SELECT] = {template_widget_select, NULL, NULL},
    [WIDGET_RADIOS] = {template_widget_choices, "radio", NULL},
    [WIDGET_CHECKBOXES] = {template_widget_choices, "checkbox", NULL},
    [WIDGET_CHECKBOX] = {template_widget_checkbox, NULL, NULL},
    [WIDGET_YESNO] = {template_widget_choices, "radio", NULL},
    [WIDGET_PICKER] = {template_widget_picker, NULL, NULL},
    [WIDGET_PLACE] = {template_widget_picker, NULL, NULL},
    [WIDGET_FILE] = {template_widget_file, NULL, NULL},
    [WIDGET_HIDDEN] = {template_widget_hidden, NULL, NULL},
};

/* The browser's own calendar, which people know and which works with keyboard, screen reader and thumb. It forgets what is not a date, so
 * that a refused answer is shown again in a plain field, as it was typed. */
static const char *date_input_type(const char *value)
{
    int64_t day;
    return !value || !*value || (strlen(value) == 10 && value[4] == '-' && day_parse(value, &day)) ? "date" : "text";
}

/* The same for a day with its hour. */
static const char *moment_input_type(const char *value)
{
    int64_t moment;
    const bool whole = value && strlen(value) == strlen("2026-11-22T14:30");
    char text[32] = "";
    if (whole) snprintf(text, sizeof text, "%s:00Z", value);
    return !value || !*value || (whole && time_parse(text, &moment)) ? "datetime-local" : "text";
}

static const char *join_ids(struct arena *arena, const char *const *ids, size_t count)
{
    const char *joined = NULL;
    for (size_t i = 0; i < count; i++)
        if (ids[i]) joined = joined ? arena_print(arena, "%s %s", joined, ids[i]) : ids[i];
    return joined;
}

static struct choice_view choice_view(struct arena *arena, const char *id, size_t index,
                                      const struct widget_choice *choice)
{
    /* The first one has the field's own id, so that the error summary leads to it. */
    const char *own = index ? arena_print(arena, "%s-%zu", id, index + 1) : id;
    return (struct choice_view){
        .id = own,
        .hint_id = arena_print(arena, "%s-hint", own),
        .value = choice->value,
        .label = choice->label,
        .hint = choice->hint,
        .chosen = choice->chosen,
    };
}

static void fill_choices(struct arena *arena, const struct widget *widget, struct widget_view *view)
{
    struct choice_view *choices = ARENA_ARRAY(arena, widget->choice_count, struct choice_view);
    for (size_t i = 0; i < widget->choice_count; i++) choices[i] = choice_view(arena, view->id, i, &widget->choices[i]);
    view->choices = choices;
    view->choice_count = widget->choice_count;
    view->choice_type = types[widget->type].input_type;
}

static void fill_picker(struct arena *arena, const struct widget *widget, struct widget_view *view)
{
    struct choice_view *chosen = ARENA_ARRAY(arena, widget->choice_count, struct choice_view);
    struct choice_view *found = ARENA_ARRAY(arena, widget->choice_count, struct choice_view);
    for (size_t i = 0; i < widget->choice_count; i++) {
        const struct choice_view choice = choice_view(arena, view->id, i + 1, &widget->choices[i]);
        if (choice.chosen)
            chosen[view->choice_count++] = choice;
        else
            found[view->found_one_count++] = choice;
    }
    view->choices = chosen;
    view->found_ones = found;
    view->choice_type = widget->several ? "checkbox" : "radio";
    view->is_place = widget->type == WIDGET_PLACE;
}

/* Yes and no, from the value "1" or "0". */
static void fill_yesno(struct html *html, const struct widget *widget, struct widget_view *view)
{
    const char *value = widget->value ? widget->value : "";
    const struct widget_choice choices[] = {
        {.value = "1", .label = language_text(html->language, N_("Yes")), .chosen = strcmp(value, "1") == 0},
        {.value = "0", .label = language_text(html->language, N_("No")), .chosen = strcmp(value, "0") == 0},
    };
    const struct widget with_choices = {.type = WIDGET_YESNO, .choices = choices, .choice_count = 2};
    fill_choices(html->arena, &with_choices, view);
}

static void fill_by_type(struct html *html, const struct widget *widget, struct widget_view *view)
{
    switch (widget->type) {
    case WIDGET_SELECT:
    case WIDGET_RADIOS:
    case WIDGET_CHECKBOXES: fill_choices(html->arena, widget, view); break;
    case WIDGET_YESNO: fill_yesno(html, widget, view); break;
    case WIDGET_PICKER:
    case WIDGET_PLACE: fill_picker(html->arena, widget, view); break;
    case WIDGET_PERIOD:
        view->until_type = date_input_type(widget->until);
        view->input_type = date_input_type(widget->value);
        break;
    case WIDGET_DATE:
        view->input_type = date_input_type(widget->value);
        view->narrow = true;
        break;
    case WIDGET_MOMENT:
        view->input_type = moment_input_type(widget->value);
        view->narrow = true;
        break;
    case WIDGET_MONEY: view->unit = "€"; break;
    case WIDGET_LINES: view->line_count = widget->most > LONG_TEXT ? LONG_LINES : USUAL_LINES; break;
    case WIDGET_NUMBER:
    case WIDGET_TELEPHONE:
    case WIDGET_TEXT:
    case WIDGET_LINK:
    case WIDGET_EMAIL:
    case WIDGET_PASSWORD:
    case WIDGET_CHECKBOX:
    case WIDGET_FILE:
    case WIDGET_HIDDEN:
    case WIDGET_TYPES: break;
    }
}

static bool is_short(const struct widget *widget)
{
    return widget->narrow || widget->type == WIDGET_NUMBER || widget->type == WIDGET_MONEY ||
           widget->type == WIDGET_TELEPHONE;
}

static struct widget_view widget_view(struct html *html, const struct widget *widget)
{
    const char *id = widget_id(html->arena, widget->name);
    struct widget_view view = {
        .id = id,
        .name = widget->name,
        .label = widget->label,
        .help = widget->help,
        .error = widget->error,
        .value = widget->value,
        .required = widget->required,
        .question = widget->question,
        .narrow = is_short(widget),
        .several = widget->several,
        .searched = widget->searched,
        .input_type = types[widget->type].input_type,
        .input_mode = types[widget->type].input_mode,
        .autocomplete = widget->autocomplete,
        .unit = widget->unit,
        .most = widget->most,
        .until = widget->until,
        .query = widget->query,
        .suggest = widget->suggest,
        .latitude = widget->latitude,
        .longitude = widget->longitude,
        .media_types = widget->media_types,
        .file_name = widget->file_name,
        .file_url = widget->file_url,
        .file_size = widget->file_size,
        .file_kept = widget->file_kept,
        .file_removed = widget->file_removed,
        .largest = widget->largest,
    };
    view.help_id = widget->help ? arena_print(html->arena, "%s-help", id) : NULL;
    view.error_id = widget->error ? arena_print(html->arena, "%s-error", id) : NULL;
    view.count_id = widget->type == WIDGET_LINES && widget->most ? arena_print(html->arena, "%s-count", id) : NULL;
    view.described_by = join_ids(html->arena, (const char *const[]){view.help_id, view.error_id, view.count_id}, 3);
    fill_by_type(html, widget, &view);
    return view;
}

void template_widget(struct html *html, const struct widget *widget)
{
    const struct widget_view view = widget_view(html, widget);
    types[widget->type].draw(html, &view);
}
