/* type_number.c: whole numbers, decimals, money, dates, periods, yes or no. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/time.h"
#include "platform/record/type_private.h"

/* As many as JSON and spreadsheets, whose numbers are doubles, give back exactly. */
enum { DIGITS_MOST = 15 };

/* The length of a space at this place: ASCII, no-break, narrow no-break, thin; 0 when there is none. */
static size_t space_length(const char *at)
{
    if (*at == ' ') return 1;
    if (strncmp(at, "\u00a0", 2) == 0) return 2;
    if (strncmp(at, "\u202f", 3) == 0 || strncmp(at, "\u2009", 3) == 0) return 3;
    return 0;
}

bool decimal_parse(const char *text, int scale, int64_t *scaled)
{
    int64_t value = 0;
    int digits = 0, after = -1;
    const bool negative = *text == '-';
    for (text += negative; *text;) {
        const size_t space = space_length(text);
        if (space && after < 0 && digits) {
            text += space;
        } else if ((*text == ',' || *text == '.') && after < 0) {
            after = 0;
            text++;
        } else if (*text >= '0' && *text <= '9' && digits < DIGITS_MOST && (after < 0 || after < scale)) {
            value = value * 10 + (*text++ - '0');
            digits++;
            after += after >= 0;
        } else {
            return false;
        }
    }
    for (int i = after < 0 ? 0 : after; i < scale; i++, digits++) {
        if (digits >= DIGITS_MOST) return false;
        value *= 10;
    }
    *scaled = negative ? -value : value;
    return digits > 0;
}

const char *decimal_print(struct arena *arena, int64_t scaled, int scale)
{
    char text[NUMBER_TEXT];
    const size_t length = number_format(scaled, scale, text);
    return arena_copy_bytes(arena, text, length);
}

static int number_scale(const struct field *field) { return field->type == FIELD_MONEY ? 2 : field->number.scale; }

static enum status check_bounds(struct record_context *context, const struct field *field, int64_t value,
                                struct error *error)
{
    const int64_t min = field->number.min, max = field->number.max;
    if ((!min && !max) || (value >= min && value <= max)) return STATUS_OK;
    return error_field(error, STATUS_INPUT, field->name, N_("Give a number between {1} and {2}."),
                       language_number(context->arena, context->language, min, number_scale(field)),
                       language_number(context->arena, context->language, max, number_scale(field)));
}

static enum status parse_number(struct record_context *context, const struct field *field, const char *text,
                                void *member, struct error *error)
{
    int64_t value = 0;
    char *plain = arena_copy(context->arena, text);
    char *euro = strstr(plain, "€");
    if (euro && field->type == FIELD_MONEY && !euro[strlen("€")]) *euro = '\0';
    for (size_t length = strlen(plain); length && plain[length - 1] == ' '; length--) plain[length - 1] = '\0';
    if (!decimal_parse(plain, number_scale(field), &value))
        return error_field(error, STATUS_INPUT, field->name,
                           number_scale(field) ? N_("“{1}” is not a number: write it as 1234.5.")
                                               : N_("“{1}” is not a whole number."),
                           text);
    const enum status status = check_bounds(context, field, value, error);
    if (!status) *(int64_t *)member = value;
    return status;
}

static const char *print_number(struct arena *arena, const struct field *field, const void *member)
{
    const int64_t value = *(const int64_t *)member;
    return value == ABSENT ? NULL : decimal_print(arena, value, number_scale(field));
}

static const char *show_number(struct record_context *context, const struct field *field, const void *member)
{
    const int64_t value = *(const int64_t *)member;
    if (value == ABSENT) return NULL;
    const char *number = language_number(context->arena, context->language, value, number_scale(field));
    const char *unit = field->type == FIELD_MONEY ? "€" : field->number.unit;
    return unit ? arena_print(context->arena, "%s\u00a0%s", number, language_text(context->language, unit)) : number;
}

static void clear_number(void *member) { *(int64_t *)member = ABSENT; }

static void bind_number(const void *member, struct db_value *values)
{
    const int64_t value = *(const int64_t *)member;
    *values = value == ABSENT ? db_null() : db_integer(value);
}

static void load_number(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    (void)arena;
    *(int64_t *)member = db_is_null(rows, column) ? ABSENT : db_get_integer(rows, column);
}

#define NUMBER_TYPE(name_, json_, ...) \
    { \
        .name = (name_), .suffixes = {""}, .words = {"{integer}"}, .size = sizeof(int64_t), .column_count = 1, \
        .json_type = (json_), .parse = parse_number, .print = print_number, .show = show_number, \
        .clear = clear_number, .bind = bind_number, .load = load_number, .keys = keys_of_number, __VA_ARGS__ \
    }

const struct type type_integer = NUMBER_TYPE("integer", "integer", .schema = schema_integer);
const struct type type_decimal = NUMBER_TYPE("decimal", "number", .schema = NULL);
const struct type type_money = NUMBER_TYPE("money", "number", .schema = NULL);

static enum status read_day(const struct field *field, const char *text, int64_t *day, struct error *error)
{
    if (!day_parse(text, day))
        return error_field(error, STATUS_INPUT, field->name, N_("“{1}” is not a date: write it as 22/11/2026."), text);
    if (field->date.past && *day > time_today())
        return error_field(error, STATUS_INPUT, field->name, N_("The date must not be in the future."));
    if (field->date.future && *day < time_today())
        return error_field(error, STATUS_INPUT, field->name, N_("The date must not be in the past."));
    return STATUS_OK;
}

static enum status parse_date(struct record_context *context, const struct field *field, const char *text, void *member,
                              struct error *error)
{
    (void)context;
    int64_t day = 0;
    const enum status status = read_day(field, text, &day, error);
    if (!status) ((struct date *)member)->day = day;
    return status;
}

static const char *print_day(struct arena *arena, int64_t day)
{
    char text[16];
    if (day == ABSENT) return NULL;
    day_format(day, text);
    return arena_copy(arena, text);
}

static const char *print_date(struct arena *arena, const struct field *field, const void *member)
{
    (void)field;
    return print_day(arena, ((const struct date *)member)->day);
}

static const char *show_date(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const int64_t day = ((const struct date *)member)->day;
    return day == ABSENT ? NULL : language_day(context->arena, context->language, day);
}

const struct type type_date = {.name = "date",
                               .suffixes = {""},
                               .words = {"{integer}"},
                               .size = sizeof(struct date),
                               .column_count = 1,
                               .json_type = "string",
                               .json_format = "date",
                               .parse = parse_date,
                               .print = print_date,
                               .show = show_date,
                               .keys = keys_of_date,
                               .clear = clear_number,
                               .bind = bind_number,
                               .load = load_number};

/* "2026-01-01/2026-03-31", either side may be missing. */
static enum status parse_period(struct record_context *context, const struct field *field, const char *text,
                                void *member, struct error *error)
{
    struct period period = {.from = {ABSENT}, .to = {ABSENT}};
    char *from = arena_copy(context->arena, text);
    char *to = strstr(from, "/");
    if (to && strlen(from) >= 10 && from[2] == '/') to = strchr(from + 6, '/');
    if (to) *to++ = '\0';
    enum status status = STATUS_OK;
    if (*from) status = read_day(field, from, &period.from.day, error);
    if (!status && to && *to) status = read_day(field, to, &period.to.day, error);
    if (status) return status;
    if (period.from.day != ABSENT && period.to.day != ABSENT && period.to.day < period.from.day)
        return error_field(error, STATUS_INPUT, field->name, N_("The end of the period comes before its beginning."));
    *(struct period *)member = period;
    return STATUS_OK;
}

static const char *print_period(struct arena *arena, const struct field *field, const void *member)
{
    (void)field;
    const struct period *period = member;
    const char *from = print_day(arena, period->from.day), *to = print_day(arena, period->to.day);
    return from || to ? arena_print(arena, "%s/%s", from ? from : "", to ? to : "") : NULL;
}

static const char *show_period(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const struct period *period = member;
    struct arena *arena = context->arena;
    const char *from = period->from.day == ABSENT ? NULL : language_day(arena, context->language, period->from.day);
    const char *to = period->to.day == ABSENT ? NULL : language_day(arena, context->language, period->to.day);
    if (from && to)
        return language_print(arena, context->language, N_("from {1} to {2}"), from, to, (const char *)NULL);
    if (from) return language_print(arena, context->language, N_("from {1}"), from, (const char *)NULL);
    return to ? language_print(arena, context->language, N_("until {1}"), to, (const char *)NULL) : NULL;
}

static void clear_period(void *member) { *(struct period *)member = (struct period){{ABSENT}, {ABSENT}}; }

static void bind_period(const void *member, struct db_value *values)
{
    const struct period *period = member;
    bind_number(&period->from.day, &values[0]);
    bind_number(&period->to.day, &values[1]);
}

static void load_period(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    struct period *period = member;
    load_number(arena, rows, column, &period->from.day);
    load_number(arena, rows, column + 1, &period->to.day);
}

const struct type type_period = {.name = "period",
                                 .suffixes = {"_from", "_to"},
                                 .words = {"{integer}", "{integer}"},
                                 .size = sizeof(struct period),
                                 .column_count = 2,
                                 .json_type = "object",
                                 .json = json_period,
                                 .parse = parse_period,
                                 .print = print_period,
                                 .show = show_period,
                                 .keys = keys_of_period,
                                 .schema = schema_period,
                                 .clear = clear_period,
                                 .bind = bind_period,
                                 .load = load_period};

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0) return true;
    return false;
}

static enum status parse_yesno(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    static const char *const yes[] = {"1", "oui", "yes", "o", "y", "vrai", "true", "x", NULL};
    static const char *const no[] = {"0", "non", "no", "n", "faux", "false", NULL};
    (void)context;
    if (is_one_of(text, yes))
        ((struct yesno *)member)->value = 1;
    else if (is_one_of(text, no))
        ((struct yesno *)member)->value = 0;
    else
        return error_field(error, STATUS_INPUT, field->name, N_("“{1}” is neither yes nor no."), text);
    return STATUS_OK;
}

static const char *print_yesno(struct arena *arena, const struct field *field, const void *member)
{
    (void)arena, (void)field;
    const int64_t value = ((const struct yesno *)member)->value;
    return value == ABSENT ? NULL : value ? "1" : "0";
}

static const char *show_yesno(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const int64_t value = ((const struct yesno *)member)->value;
    return value == ABSENT ? NULL : language_text(context->language, value ? N_("Yes") : N_("No"));
}

const struct type type_yesno = {.name = "yesno",
                                .suffixes = {""},
                                .words = {"{integer}"},
                                .size = sizeof(struct yesno),
                                .column_count = 1,
                                .json_type = "boolean",
                                .json = json_yesno,
                                .parse = parse_yesno,
                                .print = print_yesno,
                                .show = show_yesno,
                                .keys = keys_of_yesno,
                                .clear = clear_number,
                                .bind = bind_number,
                                .load = load_number};
