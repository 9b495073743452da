/* home.c: the home page and My space: what waits for one, and what one can do from here. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/query.h"
#include "platform/record/readings.h"
#include "platform/saved/saved.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/digest/digest.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

enum { OWN_DOORS = 16 };

static struct part_door door(const struct http_request *request, const char *title, const char *text, const char *path)
{
    return (struct part_door){say(request, title), say(request, text), http_url(request, path)};
}

/* Needs that wait for the viewer: open ones of the organisations that they are responsible for. */
static enum status count_waiting(const struct http_request *request, int64_t *open, int64_t *taken, struct error *error)
{
    struct db_rows *rows = db_query(
        request->read,
        "SELECT n.state, COUNT(*) FROM need n JOIN account_relation a ON a.organisation = n.owner AND a.account = $1 "
        "WHERE n.state IN ('open', 'taken_up') AND n.reader IN (SELECT token FROM account_token WHERE account = $1) "
        "GROUP BY n.state",
        DB_BIND(db_integer(request->viewer->reads_as)));
    *open = *taken = 0;
    while (db_next(rows)) *(db_get_text(rows, 0)[0] == 'o' ? open : taken) = db_get_integer(rows, 1);
    return db_end(&rows, error);
}

static enum status draw_waiting(struct html *html, const struct http_request *request, struct error *error)
{
    int64_t open = 0, taken = 0;
    const enum status status = count_waiting(request, &open, &taken, error);
    if (status) return status;
    if (!open && !taken) {
        const struct part_notice notice = {.tone = "info", .text = say(request, N_("No need waits for you."))};
        template_part_notice(html, &notice);
        return STATUS_OK;
    }
    const struct part_figure figures[] = {
        {.figure = language_number(request->arena, request->language, open, 0),
         .label = say(request, N_("open needs around you")),
         .url = http_url(request, "/needs?state=open")},
        {.figure = language_number(request->arena, request->language, taken, 0),
         .label = say(request, N_("needs taken up, still to be served")),
         .url = http_url(request, "/needs?state=taken_up")},
    };
    const struct part_figures part = {.figures = figures, .figure_count = 2};
    template_part_figures(html, &part);
    return STATUS_OK;
}

/* Where the viewer's organisation is: its région; NULL when that is not known. */
static const char *own_region(struct record_context *context)
{
    const struct vocabulary_code *above[8];
    struct place place;
    void *record = NULL;
    if (!context->viewer->organisation ||
        record_load(context, &organisation_kind, context->viewer->organisation, &record, NULL) ||
        !record_place(context, &organisation_kind, record, &place) || !place.commune)
        return NULL;
    const size_t count = vocabulary_ancestors(context->records->vocabulary, "territory", place.commune, above,
                                              sizeof above / sizeof *above);
    for (size_t i = 0; i < count; i++)
        if (strcmp(above[i]->level, "region") == 0) return above[i]->code;
    return NULL;
}

/* The needs that opened last in the viewer's région; in all when that is not known. */
static enum status draw_news(struct html *html, const struct http_request *request, struct error *error)
{
    struct record_context context = record_request(request, "page");
    context.shown = &record_shown_in_lists;
    const char *region = own_region(&context);
    const struct input items[] = {{"state", "open"}, {"limit", "5"}, {"place", region}};
    const struct inputs inputs = {items, region ? 3 : 2};
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    enum status status = record_query_read(&context, &need_kind, &inputs, &query, error);
    if (!status) status = record_find(&context, &need_kind, &query, &found, error);
    if (!status) status = record_found_page(&context, &query, &found, &records, &count, error);
    if (status || !count) return status;
    struct part_result *results = ARENA_ARRAY(request->arena, count, struct part_result);
    for (size_t i = 0; i < count; i++) results[i] = record_result(&context, request, &need_kind, records[i]);
    const struct part_results list = {results, count};
    const char *place =
        region ? vocabulary_label(context.records->vocabulary, request->language, "territory", region) : NULL;
    const struct part_section section = {
        .title = place ? language_print(request->arena, request->language, N_("Last needs opened: {1}"), place,
                                        (const char *)NULL)
                       : say(request, N_("Last needs opened")),
        .body = HTML_DRAWN(html, template_part_results, &list),
        .more_label = language_plural(request->arena, request->language, found.total, N_("See the open need"),
                                      N_("See the {1} open needs")),
        .more_url = record_list_url(request, &need_kind, record_query_text(request->arena, &query, NULL, NULL))};
    template_part_section(html, &section);
    return readings_commit(&context, error);
}

/* What all have, and what only some have: an organisation, its people, the accounts and the work of the site. */
static size_t add_own_doors(const struct http_request *request, struct part_door *doors)
{
    const long long organisation = request->viewer->organisation;
    size_t count = 0;
    if (request->viewer->roles & need_kind.create)
        doors[count++] =
            door(request, N_("File a need"),
                 N_("To recruit, train, find a technology or a partner: two minutes, five questions."), "/needs/new");
    doors[count++] =
        door(request, N_("My account"), N_("Roles, password, open sessions, programs that act for you."), "/account");
    doors[count++] =
        door(request, N_("My data"), N_("What is held about me, who was shown it, and how to have it put right."),
             "/account/data");
    doors[count++] = door(request, N_("My searches"),
                          N_("The lists that you keep, and what was added to them since you last looked."), SAVED_PATH);
    doors[count++] = door(request, N_("Work in the background"),
                          N_("Imports and large files: how far they are, and what came of them."), "/space/jobs");
    if (request->viewer->roles & OFFICER)
        doors[count++] = door(request, N_("My visits"),
                              N_("Whom to see, the week’s tour, the note written on the spot, also without a network."),
                              "/visits/plan");
    if (request->viewer->roles & (OFFICER | MANAGER)) count += cluster_doors(request, &doors[count]);
    if (organisation) {
        doors[count++] = door(request, N_("My organisation"), N_("Its sheet, its needs, its clusters."),
                              arena_print(request->arena, "/organisations/%lld", organisation));
        doors[count++] = door(request, N_("People"), N_("Who acts for my organisation, and as what."),
                              arena_print(request->arena, "/organisations/%lld/people", organisation));
    }
    if (request->viewer->everywhere & ADMINISTRATOR) {
        doors[count++] = door(request, N_("Accounts"), N_("Who may sign in, and as what: new accounts, roles, links."),
                              "/admin/accounts");
        doors[count++] =
            door(request, N_("Log of changes to accounts"), N_("Who did what to which account."), "/admin/log");
        doors[count++] = door(request, N_("Personal data"),
                              N_("What people ask about their data; what is held about a person, and its erasure."),
                              "/admin/personal-data");
        doors[count++] = door(request, N_("Periods of keeping"),
                              N_("How long what is said of people is kept; what goes next."), "/admin/retention");
        doors[count++] = door(request, N_("Work in the background of the whole site"),
                              N_("What runs, waits or failed, for everybody."), "/admin/jobs");
    }
    return count;
}

/* What waits, what is new in kept lists, the days to come, and what became of one's needs in the last month. */
enum { OUTCOME_DAYS = 30 };

static struct markup digest_results(struct html *html, const struct http_request *request,
                                    const struct digest_section *section)
{
    struct part_result *results = ARENA_ARRAY(request->arena, DIGEST_LINES, struct part_result);
    for (size_t i = 0; i < section->line_count; i++) {
        const struct digest_line *line = &section->lines[i];
        const char **facts = ARENA_ARRAY(request->arena, 1, const char *);
        facts[0] = line->note;
        results[i] = (struct part_result){.title = line->title,
                                          .url = http_url(request, line->path),
                                          .facts = facts,
                                          .fact_count = line->note ? 1 : 0};
    }
    const struct part_results part = {results, section->line_count};
    return HTML_DRAWN(html, template_part_results, &part);
}

static const char *more_words(const struct http_request *request, int64_t total)
{
    if (total >= DIGEST_COUNTED) return say(request, N_("See all of them"));
    return language_print(request->arena, request->language, N_("See all {1}"),
                          language_number(request->arena, request->language, total, 0), (const char *)NULL);
}

static enum status draw_digest(struct html *html, const struct http_request *request, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const int64_t now = time_now();
    const struct digest_span span = {.since = now - (int64_t)OUTCOME_DAYS * MS_PER_DAY, .until = now, .standing = true};
    struct digest digest = {.count = 0};
    const enum status status = digest_gather(&context, &span, &digest, error);
    for (size_t i = 0; !status && i < digest.count; i++) {
        const struct digest_section *one = &digest.sections[i];
        const bool more = one->more_path && one->total > (int64_t)one->line_count;
        const struct part_section section = {.title = one->title,
                                             .body = digest_results(html, request, one),
                                             .more_label = more ? more_words(request, one->total) : NULL,
                                             .more_url = more ? http_url(request, one->more_path) : NULL};
        template_part_section(html, &section);
    }
    return status ? status : readings_commit(&context, error);
}

enum status page_space(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("My space")),
                                   .summary =
                                       request->viewer->organisation_name
                                           ? language_print(request->arena, request->language, N_("You act for {1}."),
                                                            request->viewer->organisation_name, (const char *)NULL)
                                           : NULL};
    struct part_door doors[OWN_DOORS];
    const struct part_doors part = {.doors = doors, .door_count = add_own_doors(request, doors)};
    template_part_head(&html, &head);
    enum status status = draw_waiting(&html, request, error);
    if (!status) status = draw_digest(&html, request, error);
    if (status) return status;
    template_part_doors(&html, &part);
    return page_end(request, response, &html, head.title, "/space", false);
}

static void draw_home_doors(struct html *html, const struct http_request *request)
{
    const struct part_door doors[] = {
        door(request, N_("Say what you need"),
             N_("To recruit, train, find a technology or a partner: two minutes, five questions."), "/needs/new"),
        door(request, N_("Find who can help"),
             N_("Companies, clusters, laboratories, training bodies: by name, sector, size or place."),
             "/organisations"),
        door(request, N_("See the needs on the map"),
             N_("Where companies lack people, skills, technologies or partners; how it moves."), "/understand/figures"),
    };
    const struct part_doors part = {.doors = doors, .door_count = 3};
    template_part_doors(html, &part);
}

/* To who is signed in: what waits for them, then what happened near them. */
static enum status draw_own_home(struct html *html, const struct http_request *request, struct error *error)
{
    const struct viewer *viewer = request->viewer;
    const struct part_head head = {
        .title = language_print(request->arena, request->language, N_("Hello, {1}"), viewer->name, (const char *)NULL),
        .summary = viewer->organisation_name ? language_print(request->arena, request->language, N_("You act for {1}."),
                                                              viewer->organisation_name, (const char *)NULL)
                                             : NULL};
    template_part_head(html, &head);
    const enum status status = draw_waiting(html, request, error);
    return status ? status : draw_news(html, request, error);
}

enum status page_home(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("What companies need, and what comes of it")),
                                   .summary =
                                       say(request, N_("Maillage is where the companies of the innovation clusters say "
                                                       "what they lack, and where the network answers."))};
    if (!request->viewer->account) template_part_head(&html, &head);
    const enum status status = request->viewer->account ? draw_own_home(&html, request, error) : STATUS_OK;
    if (status) return status;
    draw_home_doors(&html, request);
    return page_end(request, response, &html, say(request, N_("Home")), NULL, false);
}
