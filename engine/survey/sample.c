#include "engine/survey/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/survey/random.h"

/* A unit in the order in which its stratum is taken. */
struct candidate {
    double key;
    uint32_t stratum, burden;
    size_t unit;
};

double sample_number(uint64_t seed, uint64_t key)
{
    uint64_t state = seed;
    uint64_t mixed = random_next(&state) ^ key;
    return random_uniform(&mixed);
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
    if (a->burden != b->burden) return a->burden < b->burden ? -1 : 1;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* How far a number lies from the start in the direction of the draw, around the circle. */
static double distance_from(struct sample_draw draw, double number)
{
    const double distance = draw.downwards ? draw.start - number : number - draw.start;
    return distance < 0 ? distance + 1 : distance;
}

static const char *name_of(struct arena *arena, const struct sample_frame *frame, size_t h)
{
    return frame->names ? frame->names[h] : arena_print(arena, "%zu", h + 1);
}

static bool is_tired(const struct sample_frame *frame, size_t unit)
{
    return frame->burden && frame->burden_most && frame->burden[unit] >= frame->burden_most;
}

static enum status check_sizes(struct arena *arena, const struct sample_frame *frame, const int64_t *size,
                               const int64_t *present, const int64_t *tired, struct error *error)
{
    for (size_t h = 0; h < frame->stratum_count; h++) {
        if (size[h] < 0 || size[h] > present[h])
            return error_set(error, STATUS_INPUT, N_("The stratum {1} has {2} units: {3} cannot be drawn."),
                             name_of(arena, frame, h), arena_print(arena, "%lld", (long long)present[h]),
                             arena_print(arena, "%lld", (long long)size[h]));
        if (size[h] > present[h] - tired[h])
            return error_set(error, STATUS_NONE,
                             N_("The stratum {1} has only {2} units below the limit of burden, and {3} are wanted."),
                             name_of(arena, frame, h), arena_print(arena, "%lld", (long long)(present[h] - tired[h])),
                             arena_print(arena, "%lld", (long long)size[h]));
    }
    return STATUS_OK;
}

enum status sample_select(struct arena *arena, const struct sample_frame *frame, struct sample_draw draw,
                          const int64_t *size, bool *selected, int64_t *passed_over, struct error *error)
{
    struct candidate *order = ARENA_ARRAY(arena, frame->unit_count, struct candidate);
    int64_t *present = ARENA_ARRAY(arena, frame->stratum_count, int64_t),
            *tired = ARENA_ARRAY(arena, frame->stratum_count, int64_t);
    size_t count = 0;
    for (size_t i = 0; i < frame->unit_count; i++) {
        if (!(frame->number[i] >= 0 && frame->number[i] < 1))
            return error_set(error, STATUS_INPUT, N_("The permanent random number of unit {1} does not lie in [0, 1)."),
                             arena_print(arena, "%zu", i + 1));
        selected[i] = false;
        present[frame->stratum[i]]++;
        if (is_tired(frame, i))
            tired[frame->stratum[i]]++;
        else
            order[count++] = (struct candidate){distance_from(draw, frame->number[i]), frame->stratum[i], 0, i};
    }
    const enum status status = check_sizes(arena, frame, size, present, tired, error);
    if (status) return status;
    qsort(order, count, sizeof *order, compare_candidates);
    int64_t *taken = ARENA_ARRAY(arena, frame->stratum_count, int64_t);
    for (size_t k = 0; k < count; k++) selected[order[k].unit] = taken[order[k].stratum]++ < size[order[k].stratum];
    for (size_t h = 0; passed_over && h < frame->stratum_count; h++) passed_over[h] = tired[h];
    return STATUS_OK;
}

void sample_rotate(struct arena *arena, const struct sample_frame *frame, double *number)
{
    struct candidate *by_number = ARENA_ARRAY(arena, frame->unit_count, struct candidate);
    struct candidate *by_burden = ARENA_ARRAY(arena, frame->unit_count, struct candidate);
    for (size_t i = 0; i < frame->unit_count; i++) {
        by_number[i] = (struct candidate){frame->number[i], frame->stratum[i], 0, i};
        by_burden[i] = by_number[i];
        by_burden[i].burden = frame->burden ? frame->burden[i] : 0;
    }
    qsort(by_number, frame->unit_count, sizeof *by_number, compare_candidates);
    qsort(by_burden, frame->unit_count, sizeof *by_burden, compare_candidates);
    for (size_t k = 0; k < frame->unit_count; k++) number[by_burden[k].unit] = by_number[k].key;
}

double sample_start_for_overlap(double before, double rate, double share)
{
    const double common = fmin(before, rate) * fmin(1, fmax(0, share));
    return fmod(before - common, 1);
}
