/* backbone.c: territories, joined until no onlooker finds fewer unseen units than the floor in one of them. */
#include <string.h>

#include "engine/counts/counts_private.h"

/* Small groups are joined within one set: the places of a region, or the regions of the whole. */
struct joining {
    size_t views, count;
    int32_t *tally; /* views x count */
    int32_t *group; /* of an item; a group is named by its first item */
    int32_t floor;
};

static bool too_few(int32_t count, int32_t floor) { return count > 0 && count < floor; }

void backbone_leave_out(const struct counts_input *input, struct counts_result *result)
{
    for (size_t view = 0; view <= input->onlookers; view++) {
        int32_t total = 0;
        for (size_t i = 0; i < input->units; i++) total += unit_unseen(input, result->left_out, i, view);
        if (!too_few(total, input->floor)) continue;
        for (size_t i = 0; i < input->units; i++) {
            if (!unit_unseen(input, result->left_out, i, view)) continue;
            result->left_out[i] = 1;
            result->left_out_count++;
        }
        view = (size_t)-1; /* others lost some of theirs: from the start */
    }
}

static bool joining_unsafe(const struct joining *joining, size_t group)
{
    for (size_t view = 0; view < joining->views; view++)
        if (too_few(joining->tally[view * joining->count + group], joining->floor)) return true;
    return false;
}

/* The smallest group that holds anyone, among the unsafe ones or all, but not `other`; count when there is none. */
static size_t joining_smallest(const struct joining *joining, bool unsafe, size_t other)
{
    size_t best = joining->count;
    for (size_t k = 0; k < joining->count; k++) {
        if (joining->group[k] != (int32_t)k || k == other || !joining->tally[k]) continue;
        if (unsafe && !joining_unsafe(joining, k)) continue;
        if (best == joining->count || joining->tally[k] < joining->tally[best]) best = k;
    }
    return best;
}

static void join_small(struct joining *joining)
{
    for (size_t small; (small = joining_smallest(joining, true, joining->count)) < joining->count;) {
        size_t other = joining_smallest(joining, true, small); /* those that cannot stay alone first */
        if (other == joining->count) other = joining_smallest(joining, false, small);
        if (other == joining->count) return;
        const size_t kept = small < other ? small : other, gone = small < other ? other : small;
        for (size_t k = 0; k < joining->count; k++)
            if (joining->group[k] == (int32_t)gone) joining->group[k] = (int32_t)kept;
        for (size_t view = 0; view < joining->views; view++) {
            int32_t *tally = joining->tally + view * joining->count;
            tally[kept] += tally[gone];
            tally[gone] = 0;
        }
    }
}

static struct joining joining_new(struct arena *arena, const struct counts_input *input, size_t count)
{
    struct joining joining = {.views = 1 + input->onlookers, .count = count, .floor = input->floor};
    joining.tally = ARENA_ARRAY(arena, joining.views * count + 1, int32_t);
    joining.group = ARENA_ARRAY(arena, count + 1, int32_t);
    for (size_t k = 0; k < count; k++) joining.group[k] = (int32_t)k;
    return joining;
}

/* Numbers the groups 0, 1, 2 ... in the order of their first items; *alone: by group, its only item or -1. */
static size_t number_groups(struct arena *arena, const struct joining *joining, int32_t *group, int32_t **alone)
{
    size_t count = 0;
    int32_t *number = ARENA_ARRAY(arena, joining->count + 1, int32_t);
    *alone = ARENA_ARRAY(arena, joining->count + 1, int32_t);
    for (size_t k = 0; k < joining->count; k++) {
        const size_t first = (size_t)joining->group[k];
        if (first == k) number[k] = (int32_t)count++;
        group[k] = number[first];
        (*alone)[group[k]] = first == k ? (int32_t)k : -1;
    }
    return count;
}

static void join_regions(struct arena *arena, const struct counts_input *input, const uint8_t *left_out,
                         struct backbone *backbone)
{
    struct joining regions = joining_new(arena, input, input->regions);
    for (size_t view = 0; view < regions.views; view++)
        for (size_t i = 0; i < input->units; i++)
            regions.tally[view * input->regions + (size_t)input->region[input->place[i]]] +=
                unit_unseen(input, left_out, i, view);
    join_small(&regions);
    backbone->group = ARENA_ARRAY(arena, input->regions + 1, int32_t);
    backbone->groups = number_groups(arena, &regions, backbone->group, &backbone->group_region);
}

/* The places of one region among themselves: the others' tallies are 0, so that they stay out of it. */
static void join_places_of(struct arena *arena, const struct counts_input *input, const uint8_t *left_out,
                           int32_t region, struct joining *all)
{
    struct joining places = joining_new(arena, input, input->places);
    for (size_t view = 0; view < places.views; view++)
        for (size_t i = 0; i < input->units; i++)
            if (input->region[input->place[i]] == region)
                places.tally[view * input->places + (size_t)input->place[i]] += unit_unseen(input, left_out, i, view);
    join_small(&places);
    for (size_t k = 0; k < input->places; k++)
        if (input->region[k] == region) all->group[k] = places.group[k];
}

struct backbone backbone_build(struct arena *arena, const struct counts_input *input, const uint8_t *left_out)
{
    struct backbone backbone = {.rows = 0};
    struct joining all = joining_new(arena, input, input->places);
    join_regions(arena, input, left_out, &backbone);
    for (size_t group = 0; group < backbone.groups; group++) {
        const int32_t region = backbone.group_region[group];
        int32_t first = -1;
        if (region >= 0) join_places_of(arena, input, left_out, region, &all);
        for (size_t k = 0; region < 0 && k < input->places; k++)
            if (backbone.group[input->region[k]] == (int32_t)group)
                all.group[k] = first < 0 ? (first = (int32_t)k) : first; /* joined regions: no detail */
    }
    backbone.row = ARENA_ARRAY(arena, input->places + 1, int32_t);
    backbone.rows = number_groups(arena, &all, backbone.row, &backbone.row_place);
    backbone.row_group = ARENA_ARRAY(arena, backbone.rows + 1, int32_t);
    for (size_t k = 0; k < input->places; k++) backbone.row_group[backbone.row[k]] = backbone.group[input->region[k]];
    return backbone;
}
