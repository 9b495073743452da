/* survey_allocate.c: maillage survey allocate. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/allocate.h"
#include "platform/csv/csv.h"
#include "product/command/survey_private.h"
#include "product/command/survey_table.h"

struct allocate_words {
    const char *strata, *targets, *out;
    int64_t total, least;
};

/* The file of strata: stratum,N,sd[,min][,max][,cost], and for targets mean:y, sd:y and domain columns. */
struct strata_file {
    struct table *table;
    const struct table_column *name, *population, *deviation;
    struct table_column *least, *most, *cost;
};

struct target_file {
    struct table *table;
    const struct table_column *domain, *variable, *cv;
    struct table_column **deviation, **mean, **within; /* per target, in the strata's file; within NULL: all strata */
    const char **label;                                /* per target: the value that within must have */
};

static void want_strata(struct arena *arena, const struct allocate_words *words, struct strata_file *file)
{
    file->table = table_new(arena, words->strata);
    file->name = table_want(file->table, "stratum", TABLE_KEY);
    file->population = table_want(file->table, "N", TABLE_NUMBER);
    if (!words->targets) file->deviation = table_want(file->table, "sd", TABLE_NUMBER);
    struct table_column **const optional[] = {&file->least, &file->most, &file->cost};
    static const char *const names[] = {"min", "max", "cost"};
    for (size_t i = 0; i < 3; i++) {
        *optional[i] = table_want(file->table, names[i], TABLE_NUMBER);
        (*optional[i])->optional = true;
    }
}

/* The targets' file: domain,variable,cv. A domain is empty (all strata) or column=value. */
static enum status read_targets(struct arena *arena, const char *path, const struct strata_file *strata,
                                struct target_file *file, struct error *error)
{
    file->table = table_new(arena, path);
    file->domain = table_want(file->table, "domain", TABLE_TEXT);
    file->variable = table_want(file->table, "variable", TABLE_TEXT);
    file->cv = table_want(file->table, "cv", TABLE_NUMBER);
    enum status status = table_read(file->table, error);
    if (!status) status = table_require_values(file->table, file->variable, error);
    if (!status) status = table_require_values(file->table, file->cv, error);
    if (status) return status;
    const size_t count = file->table->row_count;
    struct table_column ***const lists[] = {&file->deviation, &file->mean, &file->within};
    for (size_t i = 0; i < 3; i++) *lists[i] = ARENA_ARRAY(arena, count, struct table_column *);
    file->label = ARENA_ARRAY(arena, count, const char *);
    for (size_t k = 0; k < count; k++) {
        file->deviation[k] =
            table_want(strata->table, arena_print(arena, "sd:%s", file->variable->text[k]), TABLE_NUMBER);
        file->mean[k] = table_want(strata->table, arena_print(arena, "mean:%s", file->variable->text[k]), TABLE_NUMBER);
        char *domain = arena_copy(arena, file->domain->text[k]), *equals = strchr(domain, '=');
        if (!*domain) continue;
        if (!equals) {
            error_field(error, STATUS_INPUT, "domain", N_("{1} must be empty or column=value."), domain);
            return table_error_at(file->table, k, file->domain, error);
        }
        *equals = '\0';
        file->within[k] = table_want(strata->table, domain, TABLE_CATEGORY);
        file->label[k] = equals + 1;
    }
    return STATUS_OK;
}

static enum status whole_numbers(struct arena *arena, const struct table *table, const struct table_column *column,
                                 int64_t **values, struct error *error)
{
    *values = ARENA_ARRAY(arena, table->row_count, int64_t);
    for (size_t row = 0; row < table->row_count; row++) {
        const double value = column->number[row];
        if (value >= 0 && value < 9e15 && value == floor(value)) {
            (*values)[row] = (int64_t)value;
            continue;
        }
        error_field(error, STATUS_INPUT, column->name, N_("A whole number, not negative, is needed."));
        return table_error_at(table, row, column, error);
    }
    return STATUS_OK;
}

static enum status refuse_empty(const struct strata_file *file, const int64_t *population, struct error *error)
{
    for (size_t row = 0; row < file->table->row_count; row++) {
        if (population[row] > 0) continue;
        error_set(error, STATUS_INPUT, N_("The stratum {1} is empty."), file->name->text[row]);
        return table_error_at(file->table, row, file->population, error);
    }
    return STATUS_OK;
}

/* The bounds: the columns min and max where they are, and --min, which a small stratum meets with all its units. */
static enum status read_strata(struct arena *arena, const struct allocate_words *words, const struct strata_file *file,
                               struct allocate_strata *strata, struct error *error)
{
    int64_t *population = NULL, *least = NULL, *most = NULL;
    enum status status = whole_numbers(arena, file->table, file->population, &population, error);
    if (!status) status = refuse_empty(file, population, error);
    if (!status && file->least->present) status = whole_numbers(arena, file->table, file->least, &least, error);
    if (!status && file->most->present) status = whole_numbers(arena, file->table, file->most, &most, error);
    if (!status && file->cost->present) status = table_require_values(file->table, file->cost, error);
    if (status) return status;
    if (!least) least = ARENA_ARRAY(arena, file->table->row_count, int64_t);
    for (size_t h = 0; h < file->table->row_count; h++) {
        const int64_t wanted = words->least < population[h] ? words->least : population[h];
        if (most && most[h] > population[h]) most[h] = population[h];
        if (least[h] < wanted) least[h] = most && most[h] < wanted ? most[h] : wanted;
        if (least[h] > population[h]) least[h] = population[h];
    }
    *strata = (struct allocate_strata){
        file->table->row_count, population, least, most, file->cost->present ? file->cost->number : NULL,
        file->name->text};
    return STATUS_OK;
}

static bool is_within(const struct target_file *file, size_t k, size_t h)
{
    const struct table_column *within = file->within[k];
    return !within || strcmp(within->label[within->code[h]], file->label[k]) == 0;
}

/* A coefficient of variation asked of a domain's total is a variance, once the means tell the total. */
static enum status make_target(struct arena *arena, const struct strata_file *strata, const struct target_file *file,
                               size_t k, struct allocate_target *target, struct error *error)
{
    double *deviation = ARENA_ARRAY(arena, strata->table->row_count, double), total = 0;
    for (size_t h = 0; h < strata->table->row_count; h++) {
        if (!is_within(file, k, h)) continue;
        deviation[h] = file->deviation[k]->number[h];
        total += strata->population->number[h] * file->mean[k]->number[h];
    }
    const double error_wanted = file->cv->number[k] * total;
    *target = (struct allocate_target){deviation, error_wanted * error_wanted,
                                       arena_print(arena, "%s %s", file->variable->text[k], file->domain->text[k])};
    if (file->cv->number[k] > 0 && total != 0) return STATUS_OK;
    error_set(error, STATUS_INPUT, N_("The target needs a positive cv, and a domain whose total is not 0."));
    return table_error_at(file->table, k, file->cv, error);
}

static void report_targets(size_t count, const struct allocate_target *targets, const struct allocate_result *result)
{
    for (size_t k = 0; k < count; k++)
        printf("%s: standard error %.6g for %.6g asked\n", targets[k].name, sqrt(result->reached[k]),
               sqrt(targets[k].variance));
    printf("cost %.10g; no allocation costs less than %.10g\n", result->cost, result->bound);
}

static enum status allocate_targets(struct arena *arena, const struct strata_file *file,
                                    const struct target_file *asked, const struct allocate_strata *strata,
                                    int64_t *size, struct error *error)
{
    const size_t count = asked->table->row_count;
    struct allocate_target *targets = ARENA_ARRAY(arena, count, struct allocate_target);
    struct allocate_result result;
    enum status status = STATUS_OK;
    for (size_t k = 0; k < count && !status; k++) {
        status = table_require_values(file->table, asked->deviation[k], error);
        if (!status) status = table_require_values(file->table, asked->mean[k], error);
        if (!status) status = make_target(arena, file, asked, k, &targets[k], error);
    }
    if (!status) status = allocate_for_precision(arena, strata, targets, count, size, &result, error);
    if (!status) report_targets(count, targets, &result);
    return status;
}

static enum status write_sizes(struct arena *arena, const char *path, const struct allocate_strata *strata,
                               const int64_t *size, struct error *error)
{
    struct csv_writer *writer = NULL;
    const enum status status = csv_create(arena, path, NULL, &writer, error);
    if (status) return status;
    static const char *const names[] = {"stratum", "N", "n"};
    for (size_t i = 0; i < 3; i++) csv_put_text(writer, names[i]);
    csv_end_row(writer);
    for (size_t h = 0; h < strata->count; h++) {
        csv_put_text(writer, strata->names[h]);
        csv_put_integer(writer, strata->population[h]);
        csv_put_integer(writer, size[h]);
        csv_end_row(writer);
    }
    return csv_finish(writer, error);
}

static enum status check_deviations(const struct strata_file *file, struct error *error)
{
    const enum status status = table_require_values(file->table, file->deviation, error);
    for (size_t row = 0; !status && row < file->table->row_count; row++) {
        if (file->deviation->number[row] >= 0) continue;
        error_field(error, STATUS_INPUT, "sd", N_("The standard deviation is negative."));
        return table_error_at(file->table, row, file->deviation, error);
    }
    return status;
}

static enum status allocate_files(struct arena *arena, const struct allocate_words *words, struct error *error)
{
    struct strata_file file = {0};
    struct target_file asked = {0};
    struct allocate_strata strata = {0};
    want_strata(arena, words, &file);
    enum status status = words->targets ? read_targets(arena, words->targets, &file, &asked, error) : STATUS_OK;
    if (!status) status = table_read(file.table, error);
    if (!status) status = read_strata(arena, words, &file, &strata, error);
    if (!status && !words->targets) status = check_deviations(&file, error);
    if (status) return status;
    int64_t *size = ARENA_ARRAY(arena, strata.count, int64_t);
    if (words->targets)
        status = allocate_targets(arena, &file, &asked, &strata, size, error);
    else
        status = allocate_neyman(arena, &strata, file.deviation->number, words->total, size, error);
    return status ? status : write_sizes(arena, words->out, &strata, size, error);
}

int survey_allocate_run(int argc, char **argv)
{
    struct allocate_words words = {.total = -1, .least = 2};
    const struct option_row rows[] = {
        {"strata", "FILE", "stratum,N,sd[,min][,max][,cost]", OPTION_TEXT, true, &words.strata},
        {"total", "N", "how many units in all", OPTION_NUMBER, false, &words.total},
        {"targets", "FILE", "instead of a total: domain,variable,cv", OPTION_TEXT, false, &words.targets},
        {"min", "N", "at least so many a stratum (2)", OPTION_NUMBER, false, &words.least},
        {"out", "FILE", "stratum,N,n", OPTION_TEXT, true, &words.out},
        {0},
    };
    const int started = options_start(survey_command("survey allocate"), argc, argv, rows);
    if (started >= 0) return started;
    if ((words.total < 0) == !words.targets || words.least < 0) {
        fprintf(stderr, "maillage: give either --total N or --targets FILE; numbers are not negative.\n");
        return 1;
    }
    struct arena *arena = arena_new();
    struct error error = {0};
    const int code = options_end(allocate_files(arena, &words, &error), &error);
    arena_free(&arena);
    return code;
}
