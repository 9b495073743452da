/* gather.c: the companies that filed a need in a quarter, whatever their needs' audience, and who may see whose. */
#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "product/figures/figures_private.h"

static enum share share_of(int64_t reader)
{
    if (reader == READER_PUBLIC) return SHARE_PUBLIC;
    if (reader == READER_NETWORK) return SHARE_NETWORK;
    return reader < 0 ? SHARE_CIRCLE : SHARE_PRIVATE;
}

/* The need that counts is the most widely shared, then the first: what a company keeps to itself changes no figure when it shares another. */
static void take_need(struct figures_quarter *quarter, const struct db_rows *rows)
{
    const int64_t id = db_get_integer(rows, 0);
    const enum share share = share_of(db_get_integer(rows, 1));
    struct figures_company *company = quarter->company_count ? &quarter->companies[quarter->company_count - 1] : NULL;
    if (company && company->id == id && company->share <= share) return;
    if (!company || company->id != id) company = &quarter->companies[quarter->company_count++];
    *company = (struct figures_company){
        .id = id,
        .share = share,
        .kind = figures_root_number(quarter, &quarter->kinds, "need_type", db_get_text(rows, 2)),
        .sector = figures_root_number(quarter, &quarter->sectors, "naf", db_get_text(rows, 3)),
        .place = figures_number(&quarter->places, db_get_text(rows, 4))};
}

static enum status gather_companies(struct db_handle *read, struct figures_quarter *quarter, struct error *error)
{
    const struct db_value from = db_integer(figures_quarter_start(quarter->quarter)),
                          until = db_integer(figures_quarter_start(quarter->quarter + 1));
    const enum status status = db_one_integer(read, "SELECT COUNT(*) FROM need WHERE filed >= $1 AND filed < $2",
                                              DB_BIND(from, until), &quarter->needs, error);
    if (status) return status;
    quarter->companies = ARENA_ARRAY(quarter->arena, (size_t)quarter->needs + 1, struct figures_company);
    struct db_rows *rows = db_query(read,
                                    "SELECT company, reader, type, sector, departement FROM need WHERE filed >= $1 AND "
                                    "filed < $2 AND company IS NOT NULL ORDER BY company, filed, id",
                                    DB_BIND(from, until));
    while (db_next(rows)) take_need(quarter, rows);
    return db_end(&rows, error);
}

/* Circles of a query that gives circle, company, ordered by circle. */
static enum status gather_circles(struct db_handle *read, struct figures_quarter *quarter, const char *sql,
                                  struct error *error)
{
    struct db_rows *rows = db_query(read, sql, DB_BIND(db_integer(figures_quarter_start(quarter->quarter + 1) - 1)));
    struct figures_circle *circle = NULL;
    const char *name = NULL;
    size_t room = quarter->circle_count;
    while (db_next(rows)) {
        const char *next = db_get_text(rows, 0);
        if (!name || strcmp(name, next) != 0) {
            if (quarter->circle_count == room) {
                struct figures_circle *more = ARENA_ARRAY(quarter->arena, 2 * room + 64, struct figures_circle);
                if (room) memcpy(more, quarter->circles, room * sizeof *more);
                quarter->circles = more;
                room = 2 * room + 64;
            }
            name = arena_copy(quarter->arena, next);
            circle = &quarter->circles[quarter->circle_count++];
            circle->companies = map_new(quarter->arena);
        }
        map_put_number(circle->companies, db_get_integer(rows, 1), circle);
    }
    return db_end(&rows, error);
}

enum status figures_gather(struct db_handle *read, struct figures_quarter *quarter, struct error *error)
{
    enum status status = gather_companies(read, quarter, error);
    if (!status)
        status =
            gather_circles(read, quarter,
                           "SELECT CAST(cluster AS TEXT), organisation FROM membership WHERE starts <= $1 AND (ends "
                           "IS NULL OR ends >= $1) ORDER BY cluster",
                           error);
    return status ? status : figures_members(read, quarter, error);
}
