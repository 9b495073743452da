/* survey_estimate.c: maillage survey estimate. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/estimate.h"
#include "product/command/survey_margins.h"
#include "product/command/survey_private.h"
#include "product/command/survey_statistics.h"

struct estimate_words {
    const char *units, *weights, *weight, *design, *margins, *method, *scale, *id, *out, *interval, *lonely;
    bool partial;
    struct statistics_words statistics;
};

struct design_columns {
    struct table_column *stratum, *fpc, *cluster;
};

/* "stratum=col,fpc=col,cluster=col" */
static bool read_design(struct arena *arena, const char *text, struct table *units, struct design_columns *columns)
{
    for (char *rest = arena_copy(arena, text), *part; (part = strsep(&rest, ","));) {
        char *equals = strchr(part, '=');
        if (equals) *equals++ = '\0';
        if (equals && strcmp(part, "stratum") == 0)
            columns->stratum = table_want(units, equals, TABLE_CATEGORY);
        else if (equals && strcmp(part, "fpc") == 0)
            columns->fpc = table_want(units, equals, TABLE_NUMBER);
        else if (equals && strcmp(part, "cluster") == 0)
            columns->cluster = table_want(units, equals, TABLE_CATEGORY);
        else
            return false;
    }
    return columns->stratum != NULL;
}

/* Brings the weights' file into the units' order: each unit once, no other. */
static enum status match_weights(const struct table *units, const struct table_column *id, const struct table *weights,
                                 const struct table_column *weight_id, const struct table_column *column,
                                 double *values, struct error *error)
{
    for (size_t row = 0; column->present && row < units->row_count; row++) {
        const size_t place = table_find_key(weight_id, id->text[row]);
        if (place == SIZE_MAX) {
            error_set(error, STATUS_INPUT, N_("The unit {1} has no weight in {2}."), id->text[row], weights->path);
            return table_error_at(units, row, id, error);
        }
        values[row] = column->number[place];
    }
    for (size_t row = 0; row < weights->row_count && weights->row_count != units->row_count; row++) {
        if (table_find_key(id, weight_id->text[row]) != SIZE_MAX) continue;
        error_set(error, STATUS_INPUT, N_("The unit {1} is not in {2}."), weight_id->text[row], units->path);
        return table_error_at(weights, row, weight_id, error);
    }
    return STATUS_OK;
}

static enum status read_weights(struct arena *arena, const struct estimate_words *words, const struct table *units,
                                const struct table_column *id, struct estimate_design *design, struct error *error)
{
    struct table *weights = table_new(arena, words->weights);
    const struct table_column *weight_id = table_want(weights, "id", TABLE_KEY);
    struct table_column *final = table_want(weights, "w", TABLE_NUMBER),
                        *initial = table_want(weights, "d", TABLE_NUMBER);
    double *w = ARENA_ARRAY(arena, units->row_count, double), *d = ARENA_ARRAY(arena, units->row_count, double);
    initial->optional = !words->margins;
    enum status status = table_read(weights, error);
    if (!status) status = table_require_values(weights, final, error);
    if (!status) status = table_require_values(weights, initial, error);
    for (size_t row = 0; !status && row < weights->row_count; row++) {
        const bool bad_final =
            final->number[row] < 0 && !(words->margins && words->method && strcmp(words->method, "linear") == 0);
        const bool bad = bad_final || (initial->present && initial->number[row] < 0);
        if (!bad) continue;
        error_set(error, STATUS_INPUT, N_("The weight is negative."));
        return table_error_at(weights, row, bad_final ? final : initial, error);
    }
    if (!status) status = match_weights(units, id, weights, weight_id, final, w, error);
    if (!status) status = match_weights(units, id, weights, weight_id, initial, d, error);
    design->weight = w;
    design->initial = d;
    return status;
}

/* The population of each stratum, from a column that must be constant within it. */
static enum status read_populations(struct arena *arena, const struct table *units,
                                    const struct design_columns *columns, struct estimate_design *design,
                                    struct error *error)
{
    if (!columns->fpc) return STATUS_OK;
    const enum status status = table_require_values(units, columns->fpc, error);
    if (status) return status;
    double *population = ARENA_ARRAY(arena, columns->stratum->label_count, double);
    for (size_t row = 0; row < units->row_count; row++) {
        double *known = &population[columns->stratum->code[row]];
        const double value = columns->fpc->number[row];
        if (value > 0 && (*known == 0 || *known == value)) {
            *known = value;
            continue;
        }
        error_field(error, STATUS_INPUT, columns->fpc->name,
                    value > 0 ? N_("The stratum {1} has two populations: {2} and {3}.")
                              : N_("The stratum {1} is empty: its population must be positive."),
                    columns->stratum->label[columns->stratum->code[row]], arena_print(arena, "%g", *known),
                    arena_print(arena, "%g", value));
        return table_error_at(units, row, columns->fpc, error);
    }
    design->population = population;
    return STATUS_OK;
}

static enum status read_strata(struct arena *arena, const struct table *units, const struct design_columns *columns,
                               struct estimate_design *design, struct error *error)
{
    enum status status = table_require_values(units, columns->stratum, error);
    if (!status && columns->cluster) status = table_require_values(units, columns->cluster, error);
    design->stratum = columns->stratum->code;
    design->stratum_count = columns->stratum->label_count;
    design->cluster = columns->cluster ? columns->cluster->code : NULL;
    design->cluster_count = columns->cluster ? columns->cluster->label_count : 0;
    return status ? status : read_populations(arena, units, columns, design, error);
}

/* The engine numbers strata; a person knows them by name, and where they stand. */
static enum status place_error(const struct table *units, const struct estimate_design *design,
                               const struct design_columns *columns, size_t place, struct error *error)
{
    size_t row = place;
    const bool stratum = error->message && strncmp(error->message, "Stratum", 7) == 0;
    for (row = 0; stratum && row + 1 < units->row_count && design->stratum[row] != place;) row++;
    if (!stratum) row = place;
    if (stratum) snprintf(error->arguments[0], ERROR_ARGUMENT_SIZE, "%s", columns->stratum->label[place]);
    return table_error_at(units, row, stratum ? columns->stratum : NULL, error);
}

static enum status estimate_files(struct arena *arena, const struct estimate_words *words,
                                  struct statistics *statistics, struct estimate_design *design, struct error *error)
{
    struct table *units = table_new(arena, words->units);
    const struct table_column *id = table_want_id(units, words->id);
    const struct table_column *weight = words->weight ? table_want(units, words->weight, TABLE_NUMBER) : NULL;
    const struct table_column *scale = words->scale ? table_want(units, words->scale, TABLE_NUMBER) : NULL;
    struct margins margins = {.partial = words->partial};
    struct design_columns columns = {0};
    struct csv_writer *writer = NULL;
    struct estimate_plan *plan = NULL;
    size_t place = 0;
    if (!read_design(arena, words->design, units, &columns))
        return error_field(error, STATUS_INPUT, "design",
                           N_("{1} must be stratum=column[,fpc=column][,cluster=column]."), words->design);
    enum status status = words->margins ? margins_read(arena, words->margins, units, &margins, error) : STATUS_OK;
    if (!status) status = statistics_want(arena, &words->statistics, units, statistics, error);
    if (!status) status = table_read(units, error);
    if (!status) status = read_strata(arena, units, &columns, design, error);
    if (!status && weight) status = survey_check_weights(units, weight, error);
    if (weight) design->weight = weight->number;
    if (!status && !weight) status = read_weights(arena, words, units, id, design, error);
    if (!status && words->margins) status = margins_apply(arena, units, &margins, error);
    if (status) return status;
    design->unit_count = units->row_count;
    design->margins = margins.rows;
    design->scale = scale ? scale->number : NULL;
    status = estimate_plan_new(arena, design, &plan, &place, error);
    if (status) return place_error(units, design, &columns, place, error);
    status = csv_create(arena, words->out, NULL, &writer, error);
    if (!status) status = statistics_write(arena, plan, units, statistics, writer, error);
    if (!status) return csv_finish(writer, error);
    if (writer) remove(words->out); /* half a file is worse than none */
    return status;
}

static bool read_choices(const struct estimate_words *words, struct statistics *statistics,
                         struct estimate_design *design)
{
    static const char *const rules[] = {"adjust", "certainty", "average", "refuse"};
    enum calibrate_method method;
    bool found = false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(words->lonely, rules[i]) != 0) continue;
        design->lonely = (enum estimate_lonely)i;
        found = true;
    }
    if (!found) fprintf(stderr, "maillage: --lonely is adjust, certainty, average or refuse.\n");
    if (strcmp(words->interval, "beta") == 0)
        statistics->share_interval = ESTIMATE_INTERVAL_BETA;
    else if (strcmp(words->interval, "logit") != 0)
        found = false, fprintf(stderr, "maillage: --interval is logit or beta.\n");
    if (!words->weights == !words->weight || (words->weight && words->margins))
        found = false,
        fprintf(stderr, "maillage: give --weights FILE or --weight COLUMN; --margins goes with --weights.\n");
    if (words->margins && !words->method)
        found = false, fprintf(stderr, "maillage: --margins goes with the --method of the calibration.\n");
    if (words->method && !survey_read_method(words->method, &method)) found = false;
    if (!(statistics->level > 0 && statistics->level < 1))
        found = false, fprintf(stderr, "maillage: --level lies between 0 and 1.\n");
    return found;
}

int survey_estimate_run(int argc, char **argv)
{
    struct estimate_words words = {.interval = "logit", .lonely = "adjust"};
    struct statistics statistics = {.level = 0.95, .share_interval = ESTIMATE_INTERVAL_SHARE};
    struct estimate_design design = {0};
    struct statistics_words *asked = &words.statistics;
    const struct option_row rows[] = {
        {"units", "FILE", "the units: id and any columns", OPTION_TEXT, true, &words.units},
        {"weights", "FILE", "the weights: id,d,g,w", OPTION_TEXT, false, &words.weights},
        {"weight", "COLUMN", "or the weight, in the units", OPTION_TEXT, false, &words.weight},
        {"design", "DESIGN", "stratum=col[,fpc=col][,cluster=col]", OPTION_TEXT, true, &words.design},
        {"margins", "FILE", "of the calibration: its residuals enter the variance", OPTION_TEXT, false, &words.margins},
        {"method", "METHOD", "of the calibration", OPTION_TEXT, false, &words.method},
        {"scale", "COLUMN", "q of the calibration", OPTION_TEXT, false, &words.scale},
        {"total", "Y", "the total of a column", OPTION_LIST, false, &asked->total},
        {"mean", "Y", "its mean", OPTION_LIST, false, &asked->mean},
        {"ratio", "Y/X", "the ratio of two totals", OPTION_LIST, false, &asked->ratio},
        {"share", "C", "the share of each category", OPTION_LIST, false, &asked->share},
        {"balance", "C[/SIZE][:5]", "the mean of a score from -1 to 1 (:5, from -2 to 2)", OPTION_LIST, false,
         &asked->balance},
        {"quantile", "Y:P", "such as y:0.5, the median", OPTION_LIST, false, &asked->quantile},
        {"by", "A[,B]", "for each domain", OPTION_TEXT, false, &asked->by},
        {"level", "X", "of the confidence intervals (0.95)", OPTION_REAL, false, &statistics.level},
        {"interval", "KIND", "of shares: logit or beta", OPTION_TEXT, false, &words.interval},
        {"lonely", "RULE", "strata of one unit: adjust, certainty, average, refuse", OPTION_TEXT, false, &words.lonely},
        {"effects", NULL, "add the design effect and the effective size", OPTION_FLAG, false, &statistics.effects},
        {"id", "COLUMN", "the identifier in the units (id, or the number of the line)", OPTION_TEXT, false, &words.id},
        {"partial", NULL, "accept categories without a margin", OPTION_FLAG, false, &words.partial},
        {"out", "FILE", "the estimates", OPTION_TEXT, true, &words.out},
        {0},
    };
    const int started = options_start(survey_command("survey estimate"), argc, argv, rows);
    if (started >= 0) return started;
    if (!read_choices(&words, &statistics, &design)) return 1;
    struct arena *arena = arena_new();
    struct error error = {0};
    const int code = options_end(estimate_files(arena, &words, &statistics, &design, &error), &error);
    arena_free(&arena);
    return code;
}
