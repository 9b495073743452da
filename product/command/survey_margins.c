#include "product/command/survey_margins.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

enum { CROSSED_MOST = 8 };

/* The margins of one variable, in the order of the file. */
struct margin_term {
    const char *variable;                       /* as written */
    struct table_column *number;                /* what is summed; NULL: units are counted */
    struct table_column *crossed[CROSSED_MOST]; /* the categories */
    size_t crossed_count;
    size_t first, count;    /* its columns among the margins */
    struct map *categories; /* "small*84" -> its place in the term + 1 */
};

struct margin_file {
    struct table_column *variable, *category, *total, *price;
};

static enum status refuse(const struct table *file, size_t row, const struct table_column *column, struct error *error)
{
    table_error_at(file, row, column, error);
    return STATUS_INPUT;
}

/* "turnover@sector*size": what is summed, and where. */
static enum status parse_variable(struct arena *arena, struct table *units, struct margin_term *term, bool has_category,
                                  struct error *error)
{
    char *text = arena_copy(arena, term->variable), *within = strchr(text, '@');
    if (!*text) return error_set(error, STATUS_INPUT, N_("The variable is missing."));
    if (within) *within++ = '\0';
    if (within || !has_category) term->number = table_want(units, text, TABLE_NUMBER);
    if (!within && !has_category) return STATUS_OK;
    if (within && !has_category) return error_set(error, STATUS_INPUT, N_("{1} needs a category."), term->variable);
    for (char *rest = within ? within : text, *name; (name = strsep(&rest, "*"));) {
        if (term->crossed_count == CROSSED_MOST)
            return error_set(error, STATUS_INPUT, N_("{1} crosses too many variables."), term->variable);
        term->crossed[term->crossed_count++] = table_want(units, name, TABLE_CATEGORY);
    }
    return STATUS_OK;
}

static struct margin_term *find_term(const struct margins *margins, const char *variable)
{
    for (size_t t = 0; t < margins->term_count; t++)
        if (strcmp(margins->terms[t].variable, variable) == 0) return &margins->terms[t];
    return NULL;
}

static enum status check_row(struct arena *arena, const struct margin_term *term, const char *category, double total,
                             struct error *error)
{
    if (!*category != !term->crossed_count)
        return error_set(error, STATUS_INPUT, N_("{1} is given with and without a category."), term->variable);
    if (isnan(total)) return error_set(error, STATUS_INPUT, N_("The total is missing."));
    const uintptr_t known = (uintptr_t)map_get(term->categories, category);
    if (known)
        return error_set(error, STATUS_INPUT, N_("The margin {1},{2} is given twice."), term->variable, category);
    if (!term->number && total < 0)
        return error_set(error, STATUS_INPUT, N_("{1} units cannot be {2}."), arena_print(arena, "%g", total),
                         category);
    map_put(term->categories, category, (void *)(uintptr_t)(term->count + 1));
    return STATUS_OK;
}

static enum status add_row(struct arena *arena, struct table *units, struct margins *margins,
                           const struct margin_file *columns, size_t row, uint32_t *term_of_row, struct error *error)
{
    const char *variable = columns->variable->text[row], *category = columns->category->text[row];
    struct margin_term *term = find_term(margins, variable);
    enum status status = STATUS_OK;
    if (!term) {
        term = &margins->terms[margins->term_count++];
        *term = (struct margin_term){.variable = variable, .categories = map_new(arena)};
        status = parse_variable(arena, units, term, *category, error);
        if (status) return refuse(margins->file, row, columns->variable, error);
    }
    status = check_row(arena, term, category, columns->total->number[row], error);
    if (status) return refuse(margins->file, row, columns->category, error);
    term->count++;
    term_of_row[row] = (uint32_t)(term - margins->terms);
    return STATUS_OK;
}

/* The columns of a term follow one another, whatever the order of the file. */
static enum status place_rows(struct arena *arena, struct margins *margins, const struct margin_file *columns,
                              const uint32_t *term_of_row, struct error *error)
{
    size_t first = 0;
    for (size_t t = 0; t < margins->term_count; t++) {
        margins->terms[t].first = first;
        first += margins->terms[t].count;
    }
    for (size_t row = 0; row < margins->count; row++) {
        const struct margin_term *term = &margins->terms[term_of_row[row]];
        const char *category = columns->category->text[row];
        const size_t j = term->first + (uintptr_t)map_get(term->categories, category) - 1;
        margins->names[j] = arena_print(arena, "%s,%s", term->variable, category);
        margins->totals[j] = columns->total->number[row];
        if (!columns->price->present) continue;
        const double price = columns->price->number[row];
        margins->prices[j] = isnan(price) ? INFINITY : price;
        if (price > 0 || isnan(price)) continue;
        error_set(error, STATUS_INPUT, N_("The price must be positive, or empty where the margin must be met."));
        return refuse(margins->file, row, columns->price, error);
    }
    return STATUS_OK;
}

enum status margins_read(struct arena *arena, const char *path, struct table *units, struct margins *margins,
                         struct error *error)
{
    struct table *file = margins->file = table_new(arena, path);
    const struct margin_file columns = {
        table_want(file, "variable", TABLE_TEXT), table_want(file, "category", TABLE_TEXT),
        table_want(file, "total", TABLE_NUMBER), table_want(file, "price", TABLE_NUMBER)};
    columns.price->optional = true;
    enum status status = table_read(file, error);
    if (status) return status;
    margins->count = file->row_count;
    margins->terms = ARENA_ARRAY(arena, margins->count, struct margin_term);
    margins->names = ARENA_ARRAY(arena, margins->count, const char *);
    margins->totals = ARENA_ARRAY(arena, margins->count, double);
    if (columns.price->present) margins->prices = ARENA_ARRAY(arena, margins->count, double);
    uint32_t *term_of_row = ARENA_ARRAY(arena, margins->count, uint32_t);
    for (size_t row = 0; row < margins->count && !status; row++)
        status = add_row(arena, units, margins, &columns, row, term_of_row, error);
    return status ? status : place_rows(arena, margins, &columns, term_of_row, error);
}

static const char *crossed_label(struct arena *arena, const struct margin_term *term, size_t row)
{
    const char *label = term->crossed[0]->label[term->crossed[0]->code[row]];
    for (size_t c = 1; c < term->crossed_count; c++)
        label = arena_print(arena, "%s*%s", label, term->crossed[c]->label[term->crossed[c]->code[row]]);
    return label;
}

/* The combination of a unit's codes as one number. */
static int64_t crossed_key(const struct margin_term *term, size_t row)
{
    int64_t key = 0;
    for (size_t c = 0; c < term->crossed_count; c++)
        key = key * (int64_t)term->crossed[c]->label_count + term->crossed[c]->code[row];
    return key;
}

static enum status refuse_category(const struct table *units, const struct margin_term *term, const char *label,
                                   size_t row, struct error *error)
{
    error_set(error, STATUS_INPUT, N_("The category {1} of {2} has no margin. Add it, or correct the unit."), label,
              term->variable);
    table_error_at(units, row, term->crossed[0], error);
    return STATUS_INPUT;
}

/* Which category of the term each unit is in; each combination is looked up once. */
static enum status find_categories(struct arena *arena, const struct table *units, const struct margins *margins,
                                   const struct margin_term *term, uint32_t *category, struct error *error)
{
    struct map *seen = map_new(arena);
    for (size_t row = 0; row < units->row_count; row++) {
        const int64_t key = crossed_key(term, row);
        uintptr_t place = (uintptr_t)map_get_number(seen, key);
        if (!place) {
            const char *label = crossed_label(arena, term, row);
            place = (uintptr_t)map_get(term->categories, label);
            if (!place && !margins->partial) return refuse_category(units, term, label, row, error);
            if (!place) place = (uintptr_t)SURVEY_NO_CATEGORY + 1;
            map_put_number(seen, key, (void *)place);
        }
        category[row] = (uint32_t)(place - 1);
    }
    return STATUS_OK;
}

enum status margins_apply(struct arena *arena, const struct table *units, struct margins *margins, struct error *error)
{
    struct survey_term *terms = ARENA_ARRAY(arena, margins->term_count, struct survey_term);
    for (size_t t = 0; t < margins->term_count; t++) {
        const struct margin_term *term = &margins->terms[t];
        enum status status = term->number ? table_require_values(units, term->number, error) : STATUS_OK;
        uint32_t *category = term->crossed_count ? ARENA_ARRAY(arena, units->row_count, uint32_t) : NULL;
        if (!status && category) status = find_categories(arena, units, margins, term, category, error);
        if (status) return status;
        terms[t] = (struct survey_term){category, term->count, term->number ? term->number->number : NULL};
    }
    margins->rows = survey_rows_build(arena, units->row_count, terms, margins->term_count);
    return STATUS_OK;
}
