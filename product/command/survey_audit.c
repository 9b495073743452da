/* survey_audit.c: maillage survey audit. */
#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"
#include "product/command/commands.h"
#include "product/command/survey_disclose.h"

enum { FINDINGS_SHOWN = 20 };

struct published {
    struct table *file;
    const struct table_column *by[DISCLOSE_DIMENSIONS_MOST];
    const struct table_column *n, *value, *status, *lower, *upper;
    size_t *row_of; /* row + 1 of a cell, 0 when it is not published */
};

static void want_published(struct published *published, const struct disclose_input *input, const char *path)
{
    published->file = table_new(input->arena, path);
    for (size_t d = 0; d < input->dimensions; d++)
        published->by[d] = table_want(published->file, input->names[d], TABLE_CATEGORY);
    published->n = table_want(published->file, "n", TABLE_NUMBER);
    published->value = table_want(published->file, "value", TABLE_NUMBER);
    published->status = table_want(published->file, "status", TABLE_TEXT);
    published->lower = table_want(published->file, "lower", TABLE_NUMBER);
    published->upper = table_want(published->file, "upper", TABLE_NUMBER);
}

/* What is wrong with the row's figures given its status, or NULL; *column: where. */
static const char *row_fault(const struct published *published, size_t row, int status,
                             const struct table_column **column)
{
    *column = published->status;
    if (status < 0) return N_("The status must be open, primary or secondary.");
    *column = published->value;
    if (status == DISCLOSE_OPEN && !isfinite(published->value->number[row]))
        return N_("An open cell must have its value.");
    if (status != DISCLOSE_OPEN && !isnan(published->value->number[row]))
        return N_("A suppressed cell shows its value.");
    *column = published->n;
    if (status != DISCLOSE_OPEN && !isnan(published->n->number[row]))
        return N_("A suppressed cell shows its number of respondents.");
    return NULL;
}

/* The node of each code of a column, -1 for a code that is not in the classification. */
static int32_t *column_nodes(const struct disclose_input *input, size_t d, const struct table_column *column)
{
    int32_t *nodes = ARENA_ARRAY(input->arena, column->label_count, int32_t);
    for (size_t i = 0; i < column->label_count; i++) nodes[i] = disclose_tree_find(&input->trees[d], column->label[i]);
    return nodes;
}

static enum status read_row(struct disclose_input *input, struct published *published, int32_t *const *nodes,
                            size_t row, struct error *error)
{
    size_t cell = 0;
    for (size_t d = 0; d < input->dimensions; d++) {
        const struct table_column *column = published->by[d];
        const int32_t node = nodes[d][column->code[row]];
        if (node < 0) {
            error_field(error, STATUS_INPUT, column->name, N_("The code {1} is not in its hierarchy."),
                        column->label[column->code[row]]);
            return table_error_at(published->file, row, column, error);
        }
        cell += (size_t)node * input->table.stride[d];
    }
    const int status = disclose_status_read(published->status->text[row]);
    const struct table_column *column = NULL;
    const char *fault = row_fault(published, row, status, &column);
    if (!fault && published->row_of[cell]) fault = N_("This cell is given twice.");
    if (fault) {
        error_set(error, STATUS_INPUT, fault);
        return table_error_at(published->file, row, column, error);
    }
    published->row_of[cell] = row + 1;
    input->status[cell] = (uint8_t)status;
    return STATUS_OK;
}

static enum status read_published(struct disclose_input *input, struct published *published, struct error *error)
{
    int32_t *nodes[DISCLOSE_DIMENSIONS_MOST];
    enum status status = table_read(published->file, error);
    if (status) return status;
    published->row_of = ARENA_ARRAY(input->arena, input->table.cells, size_t);
    for (size_t d = 0; d < input->dimensions; d++) nodes[d] = column_nodes(input, d, published->by[d]);
    for (size_t cell = 0; cell < input->table.cells; cell++) input->status[cell] = DISCLOSE_UNPUBLISHED;
    for (size_t row = 0; row < published->file->row_count && !status; row++)
        status = read_row(input, published, nodes, row, error);
    return status;
}

static bool differ(double left, double right, double share)
{
    return fabs(left - right) > share * (fabs(left) + fabs(right)) + 1e-300;
}

static enum status check_additive(const struct disclose_input *input, const struct published *published,
                                  const double *value, struct error *error)
{
    size_t d = 0;
    const size_t cell = disclose_additive(&input->table, input->status, value, &d);
    if (cell == input->table.cells) return STATUS_OK;
    error_field(error, STATUS_INPUT, input->names[d],
                N_("The table does not add up: {1} is not the sum of its parts along {2}."),
                disclose_cell_name(input, cell), input->names[d]);
    return table_error_at(published->file, published->row_of[cell] - 1, published->value, error);
}

/* Open figures must add up, and be those of the units. */
static enum status check_values(const struct disclose_input *input, const struct published *published,
                                struct error *error)
{
    double *value = ARENA_ARRAY(input->arena, input->table.cells, double);
    for (size_t cell = 0; cell < input->table.cells; cell++)
        if (input->status[cell] == DISCLOSE_OPEN) value[cell] = published->value->number[published->row_of[cell] - 1];
    const enum status status = check_additive(input, published, value, error);
    for (size_t cell = 0; cell < input->table.cells && !status; cell++) {
        if (input->status[cell] != DISCLOSE_OPEN) continue;
        const size_t row = published->row_of[cell] - 1;
        const bool count = differ(published->n->number[row], input->table.respondents[cell], 1e-9);
        if (!count && !differ(value[cell], input->table.value[cell], 1e-9)) continue;
        error_set(error, STATUS_INPUT, N_("The figure is not that of the units, which give {1}."),
                  count ? arena_print(input->arena, "%d", input->table.respondents[cell])
                        : arena_print(input->arena, "%.15g", input->table.value[cell]));
        return table_error_at(published->file, row, count ? published->n : published->value, error);
    }
    return status;
}

/* The intervals shown must be those that anyone can compute: others would tell more. */
static enum status check_intervals(const struct disclose_input *input, const struct published *published,
                                   const double *lower, const double *upper, struct error *error)
{
    for (size_t cell = 0; cell < input->table.cells; cell++) {
        if (input->status[cell] != DISCLOSE_PRIMARY && input->status[cell] != DISCLOSE_SECONDARY) continue;
        const size_t row = published->row_of[cell] - 1;
        const double shown_upper = isnan(published->upper->number[row]) ? INFINITY : published->upper->number[row];
        const double slack = 1e-6 * (1 + fabs(input->table.value[0]) * 1e-6 + fabs(lower[cell]) +
                                     (isinf(upper[cell]) ? 0 : upper[cell]));
        const bool low = !(fabs(published->lower->number[row] - lower[cell]) <= slack);
        const bool high = isinf(upper[cell]) ? !isinf(shown_upper) : !(fabs(shown_upper - upper[cell]) <= slack);
        if (!low && !high) continue;
        error_set(error, STATUS_INPUT,
                  N_("The interval shown is not the one that follows from the open cells, {1} to {2}."),
                  arena_print(input->arena, "%.9g", lower[cell]), arena_print(input->arena, "%.9g", upper[cell]));
        return table_error_at(published->file, row, low ? published->lower : published->upper, error);
    }
    return STATUS_OK;
}

static void print_findings(const struct disclose_input *input, const struct disclose_report *report)
{
    static const char *const reasons[] = {
        [DISCLOSE_SAFE] = "safe",
        [DISCLOSE_SENSITIVE_OPEN] = "sensitive, and open",
        [DISCLOSE_TOO_NARROW] = "can be bounded too closely by anyone",
        [DISCLOSE_INSIDER] = "can be bounded too closely by the only company of another cell",
        [DISCLOSE_POOL] = "belongs to suppressed cells whose sum is known and sensitive",
    };
    for (size_t i = 0; i < report->finding_count && i < FINDINGS_SHOWN; i++) {
        const struct disclose_finding *finding = &report->findings[i];
        printf("%s: %s: %.9g to %.9g, where %.9g to %.9g is needed\n", disclose_cell_name(input, finding->cell),
               reasons[finding->reason], finding->lower, finding->upper, finding->need_lower, finding->need_upper);
    }
    if (report->finding_count > FINDINGS_SHOWN) printf("and %zu more\n", report->finding_count - FINDINGS_SHOWN);
}

static enum status audit(struct arena *arena, const struct disclose_words *words, const char *path, struct error *error)
{
    struct disclose_input input;
    struct published published;
    struct disclose_report report;
    enum status status = disclose_input_read(arena, words, &input, error);
    if (status) return status;
    want_published(&published, &input, path);
    status = read_published(&input, &published, error);
    if (!status) status = check_values(&input, &published, error);
    if (status) return status;
    double *lower = ARENA_ARRAY(arena, input.table.cells, double),
           *upper = ARENA_ARRAY(arena, input.table.cells, double);
    if (disclose_audit(arena, &input.table, &words->rules, input.status, lower, upper, &report) != STATUS_OK) {
        print_findings(&input, &report);
        return error_set(error, STATUS_NONE, N_("The table must not be published: {1} cells are not protected."),
                         arena_print(arena, "%zu", report.finding_count));
    }
    status = check_intervals(&input, &published, lower, upper, error);
    if (!status)
        printf("safe: %zu cells and sets, %s\n", report.checked,
               report.exact ? "exact intervals" : "each with an alternative table that adds up");
    return status;
}

int survey_audit_run(int argc, char **argv)
{
    struct disclose_words words = {0};
    const char *path = NULL;
    struct option_row rows[DISCLOSE_ROWS + 2] = {0};
    const size_t shared = disclose_option_rows(&words, rows);
    rows[shared] = (struct option_row){"table", "FILE", "what survey protect wrote", OPTION_TEXT, true, &path};
    const int started = options_start(&disclose_commands[1], argc, argv, rows);
    if (started >= 0) return started;
    struct arena *arena = arena_new();
    struct error error = {0};
    const int code = options_end(audit(arena, &words, path, &error), &error);
    arena_free(&arena);
    return code;
}
