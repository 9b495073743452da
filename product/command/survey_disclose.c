#include "product/command/survey_disclose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

size_t disclose_option_rows(struct disclose_words *words, struct option_row *rows)
{
    words->rules = disclose_rules_default();
    const struct option_row shared[DISCLOSE_ROWS] = {
        {"units", "FILE", "one row a respondent", OPTION_TEXT, true, &words->units},
        {"response", "COLUMN", "the answer that is added up, not negative", OPTION_TEXT, true, &words->response},
        {"by", "A[,B,C]", "columns that the table crosses; repeated: linked tables", OPTION_LIST, true, &words->by},
        {"hierarchy", "A=FILE", "code,parent of a column; repeated", OPTION_LIST, false, &words->hierarchy},
        {"weight", "COLUMN", "weight of each respondent (1)", OPTION_TEXT, false, &words->weight},
        {"holding", "COLUMN", "group that owns the respondent: it counts as one", OPTION_TEXT, false, &words->holding},
        {"min", "N", "least contributors of a cell, counted on weights (3)", OPTION_REAL, false, &words->rules.minimum},
        {"unweighted", NULL, "count contributors without their weights", OPTION_FLAG, false, &words->rules.unweighted},
        {"dominance", "PERCENT", "most that the largest contributor may make of a cell (85)", OPTION_REAL, false,
         &words->rules.dominance},
        {"percent", "P", "p% rule: how close the second may come to the largest (0: off)", OPTION_REAL, false,
         &words->rules.percent},
        {"margin", "PERCENT", "doubt left around cells of few contributors (10)", OPTION_REAL, false,
         &words->rules.margin},
        {"allow-agreed", NULL, "do not protect cells whose respondents all agree", OPTION_FLAG, false,
         &words->rules.allow_agreed},
    };
    memcpy(rows, shared, sizeof shared);
    return DISCLOSE_ROWS;
}

/* ---- which columns ---- */

static enum status list_names(struct disclose_input *input, const struct option_list *by, struct error *error)
{
    for (size_t i = 0; i < by->count; i++)
        for (char *rest = arena_copy(input->arena, by->values[i]), *name; (name = strsep(&rest, ","));) {
            bool known = false;
            for (size_t d = 0; d < input->dimensions; d++) known = known || strcmp(input->names[d], name) == 0;
            if (known) continue;
            if (input->dimensions == DISCLOSE_DIMENSIONS_MOST || !*name)
                return error_field(error, STATUS_INPUT, "by", N_("A table crosses one to six classifications."));
            input->names[input->dimensions++] = name;
        }
    return STATUS_OK;
}

static bool names_hold(struct arena *arena, const char *names, const char *wanted)
{
    for (char *rest = arena_copy(arena, names), *name; (name = strsep(&rest, ","));)
        if (strcmp(name, wanted) == 0) return true;
    return false;
}

/* A cell is shown by a --by when the classifications that it leaves out stand at their total. */
static void mark_published(struct disclose_input *input, const struct option_list *by)
{
    bool crossed[OPTION_LIST_MOST][DISCLOSE_DIMENSIONS_MOST];
    for (size_t i = 0; i < by->count; i++)
        for (size_t d = 0; d < input->dimensions; d++)
            crossed[i][d] = names_hold(input->arena, by->values[i], input->names[d]);
    for (size_t cell = 0; cell < input->table.cells; cell++) {
        bool shown = false;
        for (size_t i = 0; i < by->count && !shown; i++) {
            shown = true;
            for (size_t d = 0; d < input->dimensions; d++)
                shown = shown && (crossed[i][d] || disclose_node(&input->table, cell, d) == 0);
        }
        input->status[cell] = shown ? DISCLOSE_OPEN : DISCLOSE_UNPUBLISHED;
    }
}

/* ---- classifications ---- */

static int compare_texts(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* Without a hierarchy: the codes found, in the order of their letters, beneath a total. */
static enum status flat_tree(struct disclose_input *input, size_t d, const struct table_column *column,
                             struct error *error)
{
    const char **codes = ARENA_ARRAY(input->arena, column->label_count, const char *);
    struct disclose_link *links = ARENA_ARRAY(input->arena, column->label_count, struct disclose_link);
    if (!column->label_count) return error_set(error, STATUS_INPUT, N_("There is no unit in the file."));
    memcpy(codes, column->label, column->label_count * sizeof *codes);
    qsort(codes, column->label_count, sizeof *codes, compare_texts);
    for (size_t i = 0; i < column->label_count; i++) links[i] = (struct disclose_link){codes[i], "", 0};
    return disclose_tree_build(input->arena, input->names[d], links, column->label_count, &input->trees[d], error);
}

static enum status read_tree(struct disclose_input *input, size_t d, const char *path, struct error *error)
{
    struct table *file = table_new(input->arena, path);
    const struct table_column *code = table_want(file, "code", TABLE_TEXT),
                              *parent = table_want(file, "parent", TABLE_TEXT);
    enum status status = table_read(file, error);
    if (status) return status;
    struct disclose_link *links = ARENA_ARRAY(input->arena, file->row_count, struct disclose_link);
    for (size_t row = 0; row < file->row_count; row++)
        links[row] = (struct disclose_link){code->text[row], parent->text[row], file->line[row]};
    status = disclose_tree_build(input->arena, input->names[d], links, file->row_count, &input->trees[d], error);
    return status ? error_at(error, path, error->line, error->line ? (int64_t)code->place : 0) : STATUS_OK;
}

/* The file given for a column by --hierarchy, or NULL. */
static const char *hierarchy_path(const struct option_list *hierarchies, const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < hierarchies->count; i++)
        if (strncmp(hierarchies->values[i], name, length) == 0 && hierarchies->values[i][length] == '=')
            return hierarchies->values[i] + length + 1;
    return NULL;
}

static enum status check_hierarchies(const struct disclose_input *input, const struct option_list *hierarchies,
                                     struct error *error)
{
    for (size_t i = 0; i < hierarchies->count; i++) {
        bool used = false;
        for (size_t d = 0; d < input->dimensions; d++) {
            const struct option_list one = {{hierarchies->values[i]}, 1};
            used = used || hierarchy_path(&one, input->names[d]) != NULL;
        }
        if (!used)
            return error_field(error, STATUS_INPUT, "hierarchy", N_("{1} must be COLUMN=FILE, for a column of --by."),
                               hierarchies->values[i]);
    }
    return STATUS_OK;
}

/* The leaf of each unit. */
static enum status place_units(struct disclose_input *input, size_t d, const struct table *file,
                               const struct table_column *column, const int32_t **leaves, struct error *error)
{
    const struct disclose_tree *tree = &input->trees[d];
    int32_t *node = ARENA_ARRAY(input->arena, column->label_count, int32_t),
            *leaf = ARENA_ARRAY(input->arena, file->row_count, int32_t);
    struct map *nodes = map_new(input->arena);
    for (size_t k = 0; k < tree->count; k++) map_put(nodes, tree->codes[k], &tree->codes[k]);
    for (size_t i = 0; i < column->label_count; i++) {
        const char **found = map_get(nodes, column->label[i]);
        node[i] = found ? (int32_t)(found - tree->codes) : -1;
    }
    for (size_t row = 0; row < file->row_count; row++) {
        leaf[row] = node[column->code[row]];
        if (leaf[row] >= 0 && !tree->children[leaf[row]]) continue;
        error_field(error, STATUS_INPUT, column->name,
                    leaf[row] < 0 ? N_("The code {1} is not in its hierarchy.")
                                  : N_("The code {1} is not of the lowest level of its hierarchy."),
                    column->label[column->code[row]]);
        return table_error_at(file, row, column, error);
    }
    *leaves = leaf;
    return STATUS_OK;
}

/* ---- units ---- */

struct unit_columns {
    struct table_column *by[DISCLOSE_DIMENSIONS_MOST];
    struct table_column *response, *weight, *holding;
};

static struct unit_columns want_columns(struct table *file, const struct disclose_words *words,
                                        const struct disclose_input *input)
{
    struct unit_columns columns = {.response = table_want(file, words->response, TABLE_NUMBER)};
    for (size_t d = 0; d < input->dimensions; d++) columns.by[d] = table_want(file, input->names[d], TABLE_CATEGORY);
    if (words->weight) columns.weight = table_want(file, words->weight, TABLE_NUMBER);
    if (words->holding) columns.holding = table_want(file, words->holding, TABLE_CATEGORY);
    return columns;
}

static const int32_t *read_holdings(struct arena *arena, const struct table *file, const struct table_column *column)
{
    int32_t *holding = ARENA_ARRAY(arena, file->row_count, int32_t);
    for (size_t row = 0; row < file->row_count; row++)
        holding[row] = *column->label[column->code[row]] ? (int32_t)column->code[row] : -1;
    return holding;
}

/* The engine says which unit and what of it; the file says where that stands. */
static enum status place_error(const struct table *file, const struct unit_columns *columns, struct error *error)
{
    if (error->line < 1 || (size_t)error->line > file->row_count) return error->status;
    const bool weight = columns->weight && strcmp(error->field, "weight") == 0;
    return table_error_at(file, (size_t)error->line - 1, weight ? columns->weight : columns->response, error);
}

static enum status fill_table(struct disclose_input *input, const struct table *file,
                              const struct unit_columns *columns, struct error *error)
{
    struct disclose_units units = {.count = file->row_count,
                                   .response = columns->response->number,
                                   .weight = columns->weight ? columns->weight->number : NULL,
                                   .holding =
                                       columns->holding ? read_holdings(input->arena, file, columns->holding) : NULL};
    enum status status = STATUS_OK;
    for (size_t d = 0; d < input->dimensions && !status; d++)
        status = place_units(input, d, file, columns->by[d], &units.leaves[d], error);
    if (status) return status;
    status = disclose_table_fill(input->arena, input->trees, input->dimensions, &units, &input->table, error);
    return status ? place_error(file, columns, error) : STATUS_OK;
}

enum status disclose_input_read(struct arena *arena, const struct disclose_words *words, struct disclose_input *input,
                                struct error *error)
{
    *input = (struct disclose_input){.arena = arena};
    struct table *file = table_new(arena, words->units);
    enum status status = list_names(input, &words->by, error);
    if (!status) status = check_hierarchies(input, &words->hierarchy, error);
    if (status) return status;
    const struct unit_columns columns = want_columns(file, words, input);
    status = table_read(file, error);
    for (size_t d = 0; d < input->dimensions && !status; d++) {
        const char *path = hierarchy_path(&words->hierarchy, input->names[d]);
        status = path ? read_tree(input, d, path, error) : flat_tree(input, d, columns.by[d], error);
    }
    if (!status) status = fill_table(input, file, &columns, error);
    if (status) return status;
    input->status = ARENA_ARRAY(arena, input->table.cells, uint8_t);
    mark_published(input, &words->by);
    return STATUS_OK;
}

/* ---- words ---- */

const char *disclose_cell_name(const struct disclose_input *input, size_t cell)
{
    const char *name = "";
    for (size_t d = 0; d < input->dimensions; d++)
        name = arena_print(input->arena, "%s%s%s=%s", name, d ? ", " : "", input->names[d],
                           input->trees[d].codes[disclose_node(&input->table, cell, d)]);
    return name;
}

double disclose_round(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.9g", value);
    return isfinite(value) ? strtod(text, NULL) : value;
}

static const char *const status_words[] = {"open", "primary", "secondary"};

const char *disclose_status_word(uint8_t status) { return status_words[status]; }

int disclose_status_read(const char *word)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(word, status_words[i]) == 0) return i;
    return -1;
}
