#include "product/command/survey_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

/* The domains: combinations of the --by columns that occur, sorted by their labels. */
struct domain_list {
    struct estimate_domains domains;
    size_t *example; /* per domain: a row that is in it */
};

struct output {
    struct arena *arena;
    const struct estimate_plan *plan;
    const struct table *units;
    const struct statistics *statistics;
    struct domain_list domains;
    struct csv_writer *writer;
};

static enum status want_pair(struct arena *arena, struct table *units, const char *text, struct statistic *statistic,
                             struct error *error)
{
    char *first = arena_copy(arena, text), *slash = strchr(first, '/');
    if (!slash || !slash[1] || slash == first)
        return error_field(error, STATUS_INPUT, "ratio", N_("{1} must be y/x: two columns."), text);
    *slash = '\0';
    statistic->y = table_want(units, first, TABLE_NUMBER);
    statistic->x = table_want(units, slash + 1, TABLE_NUMBER);
    return STATUS_OK;
}

static enum status want_quantile(struct arena *arena, struct table *units, const char *text,
                                 struct statistic *statistic, struct error *error)
{
    char *name = arena_copy(arena, text), *colon = strrchr(name, ':');
    if (!colon || !csv_parse_real(colon + 1, strlen(colon + 1), &statistic->argument) || !(statistic->argument > 0) ||
        !(statistic->argument < 1))
        return error_field(error, STATUS_INPUT, "quantile",
                           N_("{1} must be y:p with p between 0 and 1, such as y:0.5."), text);
    *colon = '\0';
    statistic->y = table_want(units, name, TABLE_NUMBER);
    return STATUS_OK;
}

/* "c", "c/size", "c:5", "c/size:5". */
static enum status want_balance(struct arena *arena, struct table *units, const char *text, struct statistic *statistic,
                                struct error *error)
{
    char *name = arena_copy(arena, text), *colon = strrchr(name, ':');
    statistic->argument = 1;
    if (colon && strcmp(colon, ":5") == 0) {
        statistic->argument = 2;
        *colon = '\0';
    }
    if (strchr(name, '/')) return want_pair(arena, units, name, statistic, error);
    statistic->y = table_want(units, name, TABLE_NUMBER);
    return STATUS_OK;
}

static enum status want_plain(struct arena *arena, struct table *units, const char *text, struct statistic *statistic,
                              struct error *error)
{
    (void)arena, (void)error;
    statistic->y = table_want(units, text, strcmp(statistic->name, "share") == 0 ? TABLE_CATEGORY : TABLE_NUMBER);
    return STATUS_OK;
}

static void want_by(struct arena *arena, struct table *units, const char *by, struct statistics *statistics)
{
    char *rest = arena_copy(arena, by);
    statistics->by = ARENA_ARRAY(arena, rest ? strlen(rest) + 1 : 0, struct table_column *);
    for (char *name; (name = strsep(&rest, ","));)
        statistics->by[statistics->by_count++] = table_want(units, name, TABLE_CATEGORY);
}

enum status statistics_want(struct arena *arena, const struct statistics_words *words, struct table *units,
                            struct statistics *statistics, struct error *error)
{
    const struct {
        const char *name;
        const struct option_list *list;
        enum status (*want)(struct arena *, struct table *, const char *, struct statistic *, struct error *);
    } kinds[] = {{"total", &words->total, want_plain},       {"mean", &words->mean, want_plain},
                 {"ratio", &words->ratio, want_pair},        {"share", &words->share, want_plain},
                 {"balance", &words->balance, want_balance}, {"quantile", &words->quantile, want_quantile}};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    statistics->list = ARENA_ARRAY(arena, (size_t)KINDS * OPTION_LIST_MOST, struct statistic);
    want_by(arena, units, words->by, statistics);
    for (size_t k = 0; k < KINDS; k++)
        for (size_t i = 0; i < kinds[k].list->count; i++) {
            struct statistic *statistic = &statistics->list[statistics->count++];
            statistic->name = kinds[k].name;
            statistic->variable = kinds[k].list->values[i];
            const enum status status = kinds[k].want(arena, units, statistic->variable, statistic, error);
            if (status) return status;
        }
    return STATUS_OK;
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const struct statistics *statistics = context;
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    for (size_t i = 0; i < statistics->by_count; i++) {
        const struct table_column *column = statistics->by[i];
        const int order = strcmp(column->label[column->code[a]], column->label[column->code[b]]);
        if (order) return order;
    }
    return 0;
}

static int64_t combination(const struct statistics *statistics, size_t row)
{
    int64_t key = 0;
    for (size_t i = 0; i < statistics->by_count; i++)
        key = key * (int64_t)statistics->by[i]->label_count + statistics->by[i]->code[row];
    return key;
}

static struct domain_list find_domains(struct arena *arena, const struct table *units,
                                       const struct statistics *statistics)
{
    struct domain_list list = {.example = ARENA_ARRAY(arena, units->row_count, size_t)};
    struct map *seen = map_new(arena);
    for (size_t row = 0; row < units->row_count; row++) {
        const int64_t key = combination(statistics, row);
        if (map_get_number(seen, key)) continue;
        map_put_number(seen, key, list.example);
        list.example[list.domains.count++] = row;
    }
    union {
        const struct statistics *read;
        void *context;
    } by = {statistics};
    qsort_r(list.example, list.domains.count, sizeof *list.example, compare_rows, by.context);
    for (size_t d = 0; d < list.domains.count; d++)
        map_put_number(seen, combination(statistics, list.example[d]), (void *)(uintptr_t)(d + 1));
    uint32_t *code = ARENA_ARRAY(arena, units->row_count, uint32_t);
    for (size_t row = 0; row < units->row_count; row++)
        code[row] = (uint32_t)((uintptr_t)map_get_number(seen, combination(statistics, row)) - 1);
    list.domains.code = code;
    return list;
}

static void write_header(const struct output *output)
{
    static const char *const names[] = {"statistic", "variable", "category", "estimate", "se",  "cv",
                                        "lower",     "upper",    "n",        "deff",     "neff"};
    for (size_t i = 0; i < output->statistics->by_count; i++)
        csv_put_text(output->writer, output->statistics->by[i]->name);
    for (size_t i = 0; i < (output->statistics->effects ? 11 : 9); i++) csv_put_text(output->writer, names[i]);
    csv_end_row(output->writer);
}

static void write_line(const struct output *output, size_t domain, const struct statistic *statistic,
                       const char *category, const struct estimate *estimate, double lower, double upper)
{
    struct csv_writer *writer = output->writer;
    for (size_t i = 0; i < output->statistics->by_count; i++) {
        const struct table_column *column = output->statistics->by[i];
        csv_put_text(writer, column->label[column->code[output->domains.example[domain]]]);
    }
    csv_put_text(writer, statistic->name);
    csv_put_text(writer, statistic->variable);
    csv_put_text(writer, category);
    csv_put_real(writer, estimate->value);
    csv_put_real(writer, sqrt(estimate->variance));
    csv_put_real(writer, sqrt(estimate->variance) / fabs(estimate->value));
    csv_put_real(writer, lower);
    csv_put_real(writer, upper);
    csv_put_integer(writer, (int64_t)estimate->unit_count);
    if (output->statistics->effects) {
        csv_put_real(writer, estimate->effect);
        csv_put_real(writer, (double)estimate->unit_count / estimate->effect);
    }
    csv_end_row(writer);
}

static void write_estimates(const struct output *output, const struct statistic *statistic, const char *category,
                            const struct estimate *estimates, enum estimate_interval interval)
{
    for (size_t d = 0; d < output->domains.domains.count; d++) {
        double lower = 0, upper = 0;
        estimate_bounds(&estimates[d], interval, output->statistics->level, &lower, &upper);
        write_line(output, d, statistic, category, &estimates[d], lower, upper);
    }
}

static enum status write_total(const struct output *output, const struct statistic *statistic, struct error *error)
{
    const enum status status = table_require_values(output->units, statistic->y, error);
    if (status) return status;
    struct estimate *estimates = ARENA_ARRAY(output->arena, output->domains.domains.count, struct estimate);
    estimate_totals(output->arena, output->plan, statistic->y->number, output->domains.domains, estimates);
    write_estimates(output, statistic, "", estimates, ESTIMATE_INTERVAL_STUDENT);
    return STATUS_OK;
}

static enum status write_ratio(const struct output *output, const struct statistic *statistic, struct error *error)
{
    (void)error;
    struct estimate *estimates = ARENA_ARRAY(output->arena, output->domains.domains.count, struct estimate);
    estimate_ratios(output->arena, output->plan, statistic->y->number, statistic->x ? statistic->x->number : NULL,
                    output->domains.domains, estimates);
    write_estimates(output, statistic, "", estimates, ESTIMATE_INTERVAL_STUDENT);
    return STATUS_OK;
}

static enum status write_share(const struct output *output, const struct statistic *statistic, struct error *error)
{
    (void)error;
    const struct table_column *column = statistic->y;
    struct estimate *estimates = ARENA_ARRAY(output->arena, output->domains.domains.count, struct estimate);
    double *indicator = ARENA_ARRAY(output->arena, output->units->row_count, double);
    for (uint32_t label = 0; label < column->label_count; label++) {
        if (!*column->label[label]) continue;
        for (size_t row = 0; row < output->units->row_count; row++)
            indicator[row] = !*column->label[column->code[row]] ? NAN : column->code[row] == label;
        struct arena *scratch = arena_new();
        estimate_ratios(scratch, output->plan, indicator, NULL, output->domains.domains, estimates);
        arena_free(&scratch);
        write_estimates(output, statistic, column->label[label], estimates, output->statistics->share_interval);
    }
    return STATUS_OK;
}

/* The scores brought to -1..1, times the size where the balance is weighted by it. */
static enum status score(const struct output *output, const struct statistic *statistic, double *scores,
                         struct error *error)
{
    for (size_t row = 0; row < output->units->row_count; row++) {
        const double value = statistic->y->number[row] / statistic->argument;
        scores[row] = value * (statistic->x ? statistic->x->number[row] : 1);
        if (isnan(value) || fabs(value) <= 1) continue;
        error_field(error, STATUS_INPUT, statistic->y->name,
                    N_("A score of a balance lies between -1 and 1; on five steps (column:5), between -2 and 2."));
        return table_error_at(output->units, row, statistic->y, error);
    }
    return STATUS_OK;
}

static enum status write_balance(const struct output *output, const struct statistic *statistic, struct error *error)
{
    double *scores = ARENA_ARRAY(output->arena, output->units->row_count, double);
    struct estimate *estimates = ARENA_ARRAY(output->arena, output->domains.domains.count, struct estimate);
    const enum status status = score(output, statistic, scores, error);
    if (status) return status;
    estimate_ratios(output->arena, output->plan, scores, statistic->x ? statistic->x->number : NULL,
                    output->domains.domains, estimates);
    write_estimates(output, statistic, "", estimates, ESTIMATE_INTERVAL_BALANCE);
    return STATUS_OK;
}

static enum status write_quantile(const struct output *output, const struct statistic *statistic, struct error *error)
{
    (void)error;
    struct estimate_quantile *estimates =
        ARENA_ARRAY(output->arena, output->domains.domains.count, struct estimate_quantile);
    estimate_quantiles(output->arena, output->plan, statistic->y->number, statistic->argument,
                       output->statistics->level, output->domains.domains, estimates);
    for (size_t d = 0; d < output->domains.domains.count; d++)
        write_line(output, d, statistic, "", &estimates[d].base, estimates[d].lower, estimates[d].upper);
    return STATUS_OK;
}

static enum status write_statistic(const struct output *output, const struct statistic *statistic, struct error *error)
{
    static const struct {
        const char *name;
        enum status (*write)(const struct output *, const struct statistic *, struct error *);
    } kinds[] = {{"total", write_total}, {"mean", write_ratio},      {"ratio", write_ratio},
                 {"share", write_share}, {"balance", write_balance}, {"quantile", write_quantile}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].name, statistic->name) == 0) return kinds[k].write(output, statistic, error);
    return STATUS_FAULT;
}

enum status statistics_write(struct arena *arena, const struct estimate_plan *plan, const struct table *units,
                             const struct statistics *statistics, struct csv_writer *writer, struct error *error)
{
    struct output output = {arena, plan, units, statistics, find_domains(arena, units, statistics), writer};
    write_header(&output);
    for (size_t i = 0; i < statistics->count; i++) {
        output.arena = arena_new();
        const enum status status = write_statistic(&output, &statistics->list[i], error);
        arena_free(&output.arena);
        if (status) return status;
    }
    return STATUS_OK;
}
