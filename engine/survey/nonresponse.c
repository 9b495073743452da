#include "engine/survey/nonresponse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/gram_private.h"

enum { HALVINGS_MOST = 34 };

enum status nonresponse_by_groups(struct arena *arena, size_t unit_count, const double *weight, const uint32_t *group,
                                  size_t group_count, const bool *answered, double *adjusted, double *rate,
                                  size_t *place, struct error *error)
{
    double *all = ARENA_ARRAY(arena, group_count, double), *present = ARENA_ARRAY(arena, group_count, double);
    for (size_t i = 0; i < unit_count; i++) {
        if (!(weight[i] >= 0) || !isfinite(weight[i])) {
            *place = i;
            return error_set(error, STATUS_INPUT, N_("A weight must be a number, not negative."));
        }
        all[group[i]] += weight[i];
        if (answered[i]) present[group[i]] += weight[i];
    }
    for (size_t g = 0; g < group_count; g++) {
        *place = g;
        if (all[g] > 0 && present[g] == 0)
            return error_set(error, STATUS_NONE, N_("Nobody answered in group {1}: merge it with another."),
                             arena_print(arena, "%zu", g + 1));
        if (rate) rate[g] = all[g] > 0 ? present[g] / all[g] : NAN;
    }
    for (size_t i = 0; i < unit_count; i++)
        adjusted[i] = answered[i] && weight[i] > 0 ? weight[i] * all[group[i]] / present[group[i]] : 0;
    return STATUS_OK;
}

struct logistic {
    const struct survey_rows *rows;
    const double *weight;
    const bool *answered;
    double *probability, *curvature, *coefficient, *step;
    struct gram *gram;
};

/* Sets the probabilities and the step's right-hand side; gives the log-likelihood. */
static double evaluate(const struct logistic *logistic, const double *coefficient)
{
    const struct survey_rows *rows = logistic->rows;
    double likelihood = 0;
    memset(logistic->step, 0, rows->column_count * sizeof *logistic->step);
    for (size_t i = 0; i < rows->unit_count; i++) {
        const double x = survey_row_product(rows, i, coefficient), weight = logistic->weight ? logistic->weight[i] : 1;
        const double tail = exp(-fabs(x)), p = (x >= 0 ? 1 : tail) / (1 + tail);
        likelihood += weight * ((logistic->answered[i] ? fmin(x, 0) : fmin(-x, 0)) - log1p(tail));
        logistic->probability[i] = p;
        logistic->curvature[i] = weight * tail / ((1 + tail) * (1 + tail));
        const double miss = weight * ((logistic->answered[i] ? 1 : 0) - p);
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            logistic->step[rows->column[k]] += miss * rows->value[k];
    }
    return likelihood;
}

static double advance(const struct logistic *logistic, double likelihood, double *trial)
{
    const size_t count = logistic->rows->column_count;
    gram_accumulate(logistic->gram, logistic->rows, logistic->curvature);
    gram_factor(logistic->gram, NULL);
    gram_solve(logistic->gram, logistic->step);
    double *step = trial + count;
    memcpy(step, logistic->step, count * sizeof *step);
    for (int halving = 0; halving < HALVINGS_MOST; halving++) {
        const double length = ldexp(1, -halving);
        for (size_t j = 0; j < count; j++) trial[j] = logistic->coefficient[j] + length * step[j];
        const double next = evaluate(logistic, trial);
        if (next < likelihood - 1e-12 * fabs(likelihood)) continue;
        memcpy(logistic->coefficient, trial, count * sizeof *trial);
        return next;
    }
    return likelihood;
}

/* Probabilities that reach 0 or 1 to rounding are those of coefficients without a limit. */
static bool is_separated(const struct logistic *logistic)
{
    for (size_t i = 0; i < logistic->rows->unit_count; i++)
        if (logistic->probability[i] < 1e-9 || logistic->probability[i] > 1 - 1e-9) return true;
    return false;
}

enum status nonresponse_logistic(struct arena *arena, const struct survey_rows *rows, const double *weight,
                                 const bool *answered, double *probability, double *coefficient, struct error *error)
{
    struct logistic logistic = {rows, weight, answered, probability, NULL, coefficient, NULL, NULL};
    logistic.curvature = ARENA_ARRAY(arena, rows->unit_count, double);
    logistic.step = ARENA_ARRAY(arena, rows->column_count, double);
    logistic.gram = gram_new(arena, rows->column_count);
    double *trial = ARENA_ARRAY(arena, 2 * rows->column_count, double);
    memset(coefficient, 0, rows->column_count * sizeof *coefficient);
    double likelihood = evaluate(&logistic, coefficient);
    for (int round = 0; round < 100; round++) {
        const double next = advance(&logistic, likelihood, trial);
        const double gain = next - likelihood;
        likelihood = next;
        if (is_separated(&logistic)) break;
        if (gain <= 1e-14 * fabs(likelihood)) return STATUS_OK;
    }
    return error_set(error, STATUS_NONE,
                     N_("The regression has no solution: some variables tell exactly who answered. Merge categories, "
                        "or use response groups."));
}

struct ranked {
    double probability;
    size_t unit;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->probability != b->probability) return a->probability < b->probability ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

size_t nonresponse_classes(struct arena *arena, size_t unit_count, const double *probability, size_t class_count,
                           uint32_t *group)
{
    struct ranked *ranked = ARENA_ARRAY(arena, unit_count, struct ranked);
    for (size_t i = 0; i < unit_count; i++) ranked[i] = (struct ranked){probability[i], i};
    qsort(ranked, unit_count, sizeof *ranked, compare_ranked);
    size_t groups = 0, quota = 0;
    for (size_t i = 0; i < unit_count; i++) {
        const bool tied = i > 0 && ranked[i].probability == ranked[i - 1].probability;
        if (!tied && i * class_count >= quota * unit_count) {
            groups++;
            while (quota * unit_count <= i * class_count) quota++;
        }
        group[ranked[i].unit] = (uint32_t)groups - 1;
    }
    return groups;
}

static double quotient(double part, double whole) { return whole > 0 ? part / whole : NAN; }

struct response_rates nonresponse_rates(const struct response_counts *counts)
{
    const double interviews = counts->complete + counts->partial;
    const double eligible = interviews + counts->refusal + counts->no_contact + counts->other;
    const double unknown = counts->unknown + counts->unknown_other;
    const double given = counts->eligibility;
    const double e = isnan(given) ? quotient(eligible, eligible + counts->ineligible) : given;
    const double bases[3] = {eligible + unknown, eligible + (unknown > 0 ? e * unknown : 0), eligible};
    const double contacted = interviews + counts->refusal + counts->other, asked = interviews + counts->refusal;
    struct response_rates rates = {.eligibility = e,
                                   .cooperation = {quotient(counts->complete, contacted),
                                                   quotient(interviews, contacted), quotient(counts->complete, asked),
                                                   quotient(interviews, asked)}};
    for (size_t b = 0; b < 3; b++) {
        rates.response[2 * b] = quotient(counts->complete, bases[b]);
        rates.response[2 * b + 1] = quotient(interviews, bases[b]);
        rates.refusal[b] = quotient(counts->refusal, bases[b]);
        rates.contact[b] = quotient(contacted, bases[b]);
    }
    return rates;
}
