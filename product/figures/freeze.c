/* freeze.c: the figures of a quarter that is over: gathered, protected, stored, once. */
#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/figures/figures_private.h"
#include "product/kinds/need.h"

enum { SHARES_SEEN = 2 }; /* the public, the network */

/* Who knows nothing of whom: the public, the network, then each cluster whose circle has something of its own to see. */
static const uint8_t *mark_unseen(const struct figures_quarter *quarter, size_t *onlookers)
{
    const size_t most = SHARES_SEEN + quarter->circle_count, count = quarter->company_count;
    uint8_t *seen = ARENA_ARRAY(quarter->arena, most * count + 1, uint8_t);
    *onlookers = SHARES_SEEN;
    for (size_t i = 0; i < count; i++)
        for (size_t level = 0; level < SHARES_SEEN; level++)
            seen[level * count + i] = quarter->companies[i].share > (enum share)(level + SHARE_PUBLIC);
    for (size_t k = 0; k < quarter->circle_count; k++) {
        uint8_t *row = seen + *onlookers * count;
        bool any = false;
        for (size_t i = 0; i < count; i++) {
            const struct figures_company *company = &quarter->companies[i];
            const bool sees =
                company->share == SHARE_CIRCLE && map_get_number(quarter->circles[k].companies, company->id);
            row[i] = company->share > SHARE_NETWORK && !sees;
            any = any || sees;
        }
        *onlookers += any;
    }
    uint8_t *unseen = ARENA_ARRAY(quarter->arena, *onlookers * count + 1, uint8_t);
    for (size_t i = 0; i < count; i++)
        for (size_t view = 0; view < *onlookers; view++) unseen[i * *onlookers + view] = seen[view * count + i];
    return unseen;
}

enum status figures_protect(const struct figures_quarter *quarter, struct counts_result *result, struct error *error)
{
    const size_t count = quarter->company_count;
    int32_t *place = ARENA_ARRAY(quarter->arena, count + 1, int32_t);
    int32_t *kind = ARENA_ARRAY(quarter->arena, count + 1, int32_t);
    int32_t *sector = ARENA_ARRAY(quarter->arena, count + 1, int32_t);
    struct counts_input input = {.units = count,
                                 .place = place,
                                 .places = quarter->places.count + 1,
                                 .regions = quarter->regions.count + 1,
                                 .region = quarter->region_of_place,
                                 .families = 2,
                                 .category = {kind, sector},
                                 .categories = {quarter->kinds.count + 1, quarter->sectors.count + 1},
                                 .floor = need_kind.small_cell};
    for (size_t i = 0; i < count; i++) {
        place[i] = quarter->companies[i].place;
        kind[i] = quarter->companies[i].kind;
        sector[i] = quarter->companies[i].sector;
    }
    input.unseen = mark_unseen(quarter, &input.onlookers);
    return counts_protect(quarter->arena, &input, result, error);
}

struct freezing {
    const struct figures_quarter *quarter;
    const struct counts_result *result;
    struct figures_release *release;
};

/* The code of an area; NULL for what is in no région or département, which has a figure in the total only. */
static const char *area_code(const struct figures_quarter *quarter, size_t area)
{
    const size_t regions = quarter->regions.count + 1;
    if (area == 0) return FIGURES_FRANCE;
    if (area <= regions) return area < regions ? quarter->regions.codes[area - 1] : NULL;
    return area - regions <= quarter->places.count ? quarter->places.codes[area - 1 - regions] : NULL;
}

static enum status store_cell(struct db_handle *write, const struct figures_quarter *quarter, const char *family,
                              const char *code, size_t area, int64_t companies, int64_t members, struct error *error)
{
    return db_run(write,
                  "INSERT INTO figures_cell (quarter, family, code, area, companies, members) VALUES ($1, $2, $3, $4, "
                  "$5, $6)",
                  DB_BIND(db_integer(quarter->quarter), db_text(family), db_text(code),
                          db_text(area_code(quarter, area)), db_integer(companies), db_integer(members)),
                  NULL, error);
}

static enum status store_totals(struct db_handle *write, const struct freezing *freezing, struct error *error)
{
    const struct counts_result *result = freezing->result;
    enum status status = STATUS_OK;
    for (size_t area = 0; area < result->areas && !status; area++)
        if (result->open[area] && area_code(freezing->quarter, area))
            status = store_cell(write, freezing->quarter, "all", "", area, result->count[area],
                                freezing->quarter->members[area], error);
    return status;
}

static enum status store_family(struct db_handle *write, const struct freezing *freezing, size_t number,
                                struct error *error)
{
    const struct figures_quarter *quarter = freezing->quarter;
    const struct counts_family *family = &freezing->result->family[number];
    const struct figures_list *list = number ? &quarter->sectors : &quarter->kinds;
    enum status status = STATUS_OK;
    for (size_t cell = 0; cell < freezing->result->areas * family->categories && !status; cell++) {
        const size_t area = cell / family->categories, code = cell % family->categories;
        if (!family->open[cell] || code == list->count || !area_code(quarter, area)) continue;
        status = store_cell(write, quarter, number ? "sector" : "kind", list->codes[code], area, family->count[cell],
                            number ? quarter->members_sector[cell] : quarter->members[area], error);
    }
    return status;
}

/* STATUS_CONFLICT when another process froze it meanwhile. */
static enum status store(struct db_handle *write, void *context, struct error *error)
{
    const struct freezing *freezing = context;
    const struct figures_release *release = freezing->release;
    enum status status =
        db_run(write,
               "INSERT INTO figures_release (quarter, frozen, method, floor, needs, companies, left_out, cells, small, "
               "secondary) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
               DB_BIND(db_integer(release->quarter), db_integer(release->frozen), db_integer(release->method),
                       db_integer(release->floor), db_integer(release->needs), db_integer(release->companies),
                       db_integer(release->left_out), db_integer(release->cells), db_integer(release->small),
                       db_integer(release->secondary)),
               NULL, error);
    if (!status) status = store_totals(write, freezing, error);
    for (size_t family = 0; family < 2 && !status; family++) status = store_family(write, freezing, family, error);
    return status;
}

static enum status gather_at_once(struct figures_quarter *quarter, struct error *error)
{
    struct db_handle *read = NULL;
    struct arena *moment = arena_new();
    enum status status = db_read_in(quarter->records->db, moment, &read, error);
    if (!status) status = db_snapshot(read, moment, error);
    if (!status) status = figures_gather(read, quarter, error);
    arena_free(&moment);
    return status;
}

static enum status freeze_quarter(const struct records *records, int64_t number, figures_report *report, void *context,
                                  struct error *error)
{
    struct figures_quarter quarter = {.arena = arena_new(), .records = records, .quarter = number};
    struct counts_result result = {0};
    figures_lists(&quarter);
    enum status status = gather_at_once(&quarter, error);
    if (!status) status = figures_protect(&quarter, &result, error);
    struct figures_release release = {.quarter = number,
                                      .frozen = time_now(),
                                      .method = FIGURES_METHOD,
                                      .floor = need_kind.small_cell,
                                      .needs = quarter.needs,
                                      .companies = (int64_t)quarter.company_count,
                                      .left_out = (int64_t)result.left_out_count,
                                      .cells = (int64_t)result.cells,
                                      .small = (int64_t)result.small,
                                      .secondary = (int64_t)result.secondary};
    struct freezing freezing = {&quarter, &result, &release};
    if (!status) status = db_transaction(records->db, store, &freezing, error);
    arena_free(&quarter.arena);
    if (!status && report) report(context, &release);
    return status == STATUS_CONFLICT ? STATUS_OK : status;
}

/* The first quarter that is not frozen yet. */
static enum status first_due(const struct records *records, int64_t *first, struct error *error)
{
    struct db_handle *read = NULL;
    int64_t last = 0, day = 0;
    enum status status = db_read(records->db, &read, error);
    if (!status) status = db_one_integer(read, "SELECT MAX(quarter) FROM figures_release", DB_BIND_NONE, &last, error);
    if (!status && !last) status = db_one_integer(read, "SELECT MIN(filed) FROM need", DB_BIND_NONE, &day, error);
    db_release(&read);
    *first = last ? last + 1 : day ? figures_quarter_of(day) : INT64_MAX;
    return status;
}

enum status figures_freeze(const struct records *records, int64_t today, figures_report *report, void *context,
                           struct error *error)
{
    int64_t quarter = 0;
    enum status status = first_due(records, &quarter, error);
    for (; !status && quarter < figures_quarter_of(today); quarter++)
        status = freeze_quarter(records, quarter, report, context, error);
    return status;
}
