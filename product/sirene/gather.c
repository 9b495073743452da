/* gather.c: lines of establishments and companies, one company at a time. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/text/text.h"
#include "product/sirene/sirene_private.h"

enum { NAME_BYTES = 160 };

const char *sirene_text(const char *value)
{
    return value && *value && strcmp(value, SIRENE_WITHHELD) != 0 ? value : NULL;
}

int64_t sirene_day(const char *value)
{
    int64_t day = ABSENT;
    char text[11] = "";
    if (!sirene_text(value) || strlen(value) < 10) return ABSENT;
    memcpy(text, value, 10);
    return day_parse(text, &day) ? day : ABSENT;
}

static int64_t siren_number(const char *text)
{
    if (!text || strlen(text) != 9 || strspn(text, "0123456789") != 9) return 0;
    return strtoll(text, NULL, 10);
}

static enum status note_present(struct sirene_gathering *gathering, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(gathering->records->db, &read, error);
    if (status) return status;
    struct db_rows *rows =
        db_query(read, "SELECT siren, siret FROM organisation WHERE siren IS NOT NULL", DB_BIND_NONE);
    while (db_next(rows)) {
        const char *siret = db_get_text(rows, 1);
        map_put_number(gathering->here, siren_number(db_get_text(rows, 0)),
                       arena_copy(gathering->arena, siret ? siret : ""));
    }
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

enum status sirene_begin(struct arena *arena, const struct records *records, struct sirene_filter *filter,
                         struct sirene_gathering **result, struct error *error)
{
    struct sirene_gathering *gathering = ARENA_NEW(arena, struct sirene_gathering);
    *gathering = (struct sirene_gathering){
        .arena = arena, .records = records, .filter = filter, .here = map_new(arena), .companies = map_new(arena)};
    gathering->last = &gathering->first;
    *result = gathering;
    return note_present(gathering, error);
}

static struct sirene_company *company_of(struct sirene_gathering *gathering, int64_t number)
{
    struct sirene_company *company = map_get_number(gathering->companies, number);
    if (company) return company;
    company = ARENA_NEW(gathering->arena, struct sirene_company);
    *company = (struct sirene_company){
        .number = number, .began = ABSENT, .treated = ABSENT, .unit_began = ABSENT, .closed = true};
    *gathering->last = company;
    gathering->last = &company->next;
    map_put_number(gathering->companies, number, company);
    gathering->count.companies++;
    return company;
}

static void put(char *to, size_t room, const char *value)
{
    const char *text = sirene_text(value);
    *to = '\0';
    if (text && strlen(text) < room) strcpy(to, text);
}

/* How well a line stands for its company: the active before the closed, then the one that we have, those that the filter takes, the head office. */
static int rank_of(bool closed, bool present, bool taken, bool seat)
{
    return 8 * !closed + 4 * present + 2 * taken + seat;
}

static bool stands_better(const struct sirene_company *company, int rank, const char *siret)
{
    if (!*company->siret || rank != company->rank) return !*company->siret || rank > company->rank;
    return strcmp(siret, company->siret) <= 0;
}

static const char *name_in(struct sirene_gathering *gathering, const char *first, const char *second)
{
    const char *name = sirene_text(first) ? sirene_text(first) : sirene_text(second);
    return name && strlen(name) <= NAME_BYTES ? arena_copy(gathering->arena, name) : NULL;
}

static void keep(struct sirene_gathering *gathering, struct sirene_company *company, const char *const *values)
{
    strcpy(company->siret, values[E_SIRET]);
    put(company->commune, sizeof company->commune, values[E_COMMUNE]);
    put(company->naf, sizeof company->naf, values[E_NAF]);
    put(company->naf25, sizeof company->naf25, values[E_NAF25]);
    company->name = name_in(gathering, values[E_USUAL], values[E_SIGN]);
    company->began = sirene_day(values[E_BEGAN]);
    company->partly = values[E_DIFFUSION] && *values[E_DIFFUSION] && *values[E_DIFFUSION] != 'O';
}

static bool is_number_of(const char *siret, const char *siren)
{
    return siret && strlen(siret) == 14 && strncmp(siret, siren, 9) == 0;
}

void sirene_take_establishment(struct sirene_gathering *gathering, const char *const values[E_COLUMNS])
{
    const int64_t number = siren_number(values[E_SIREN]), treated = sirene_day(values[E_TREATED]);
    gathering->count.lines++;
    if (!number || !is_number_of(values[E_SIRET], values[E_SIREN])) {
        gathering->count.faulty++;
        return;
    }
    const char *here = map_get_number(gathering->here, number);
    const bool taken = sirene_filter_takes(gathering->filter, values);
    if (!here && !taken) return;
    gathering->count.kept++;
    struct sirene_company *company = company_of(gathering, number);
    const bool closed = !sirene_text(values[E_STATE]) || *values[E_STATE] == 'F';
    const bool present = here && strcmp(here, values[E_SIRET]) == 0;
    const int rank =
        rank_of(closed, present, taken, sirene_text(values[E_SEAT]) && strcmp(values[E_SEAT], "true") == 0);
    if (treated > company->treated) company->treated = treated;
    company->present_seen |= present;
    if (!stands_better(company, rank, values[E_SIRET])) return;
    keep(gathering, company, values);
    company->rank = rank;
    company->closed = closed;
}

void sirene_take_unit(struct sirene_gathering *gathering, const char *const values[U_COLUMNS])
{
    struct sirene_company *company = map_get_number(gathering->companies, siren_number(values[U_SIREN]));
    if (!company) return;
    company->has_unit = true;
    company->unit_name = name_in(gathering, values[U_NAME], values[U_USUAL]);
    company->unit_began = sirene_day(values[U_BEGAN]);
    company->unit_closed = sirene_text(values[U_STATE]) && *values[U_STATE] == 'C';
    put(company->unit_band, sizeof company->unit_band, values[U_BAND]);
    put(company->legal, sizeof company->legal, values[U_LEGAL]);
    if (values[U_DIFFUSION] && *values[U_DIFFUSION] && *values[U_DIFFUSION] != 'O') company->partly = true;
}
