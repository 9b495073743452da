/* visits.c: whom to see (the plan), and in which order (the tour, which is also a sheet to print). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/html/map_move.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/visit.h"
#include "product/pages/pages_private.h"
#include "product/pages/visits_views.h"
#include "product/visits/visits.h"

enum { CHOICES = 30, SPOTS_SHOWN = 8, PLANNED_MOST = 30, WEEK = 7, NEAR = 30, MONTHS = 12, BLIND_MONTHS = 24 };
static const double TENTHS = 10;

static enum status find_cluster(const struct http_request *request, int64_t *cluster, struct error *error)
{
    *cluster = visits_cluster(request->viewer);
    return *cluster ? STATUS_OK
                    : error_set(error, STATUS_DENIED, N_("Visits are planned by the officers of a cluster."));
}

static int64_t months_before(int64_t day, int64_t months)
{
    struct civil date = day_to_civil(day);
    const int64_t count = date.year * 12 + date.month - 1 - months;
    date.year = (int)(count / 12);
    date.month = (int)(count % 12) + 1;
    while (!day_valid(date)) date.day--;
    return day_from_civil(date);
}

static int64_t asked_day(const struct http_parameters *parameters, const char *name, int64_t usual)
{
    int64_t day = 0;
    const char *text = http_value(parameters, name);
    return text && day_parse(text, &day) ? day : usual;
}

/* Monday to Friday. */
static int64_t next_working_day(int64_t day)
{
    do day++;
    while ((day + 3) % WEEK > 4);
    return day;
}

static const char *day_text(struct arena *arena, int64_t day)
{
    char text[16];
    day_format(day, text);
    return arena_copy(arena, text);
}

static const char *kilometres_text(const struct http_request *request, double kilometres)
{
    const char *number =
        language_number(request->arena, request->language, (int64_t)llround(kilometres * TENTHS), kilometres < 10);
    if (kilometres >= 10) number = language_number(request->arena, request->language, (int64_t)llround(kilometres), 0);
    return language_print(request->arena, request->language, N_("{1} km"), number, (const char *)NULL);
}

/* ---- whom to see ---- */

struct planning {
    const struct http_request *request;
    struct record_context *context;
    int64_t cluster, today;
    int64_t within, months;
    struct route_point start;
    bool has_start;
    struct visits_member *members;
    size_t count;
};

static enum status draw_year(const struct planning *planning, struct html *html, struct error *error)
{
    const struct http_request *request = planning->request;
    int64_t held = 0, planned = 0, never = 0;
    const enum status status =
        visits_year(planning->context, planning->cluster, planning->today, &held, &planned, error);
    if (status) return status;
    for (size_t i = 0; i < planning->count; i++) never += planning->members[i].seen == ABSENT;
    const struct part_figure figures[] = {
        {.figure = language_number(request->arena, request->language, held, 0),
         .label = say(request, N_("visits that you held this year")),
         .note = say(request, N_("Officers make 40 to 50 a year."))},
        {.figure = language_number(request->arena, request->language, planned, 0),
         .label = say(request, N_("visits that you plan")),
         .url = http_url(request, "/visits?state=planned&sort=when")},
        {.figure = language_number(request->arena, request->language, never, 0),
         .label = say(request, N_("members never visited")),
         .note = language_print(request->arena, request->language, N_("of {1} members"),
                                language_number(request->arena, request->language, (int64_t)planning->count, 0),
                                (const char *)NULL)},
    };
    const struct part_figures part = {figures, 3};
    template_part_figures(html, &part);
    return STATUS_OK;
}

static void draw_filters(const struct planning *planning, struct html *html)
{
    const struct http_request *request = planning->request;
    const struct widget fields[] = {
        {.type = WIDGET_NUMBER,
         .name = "within",
         .label = say(request, N_("How far from the cluster")),
         .value = arena_print(request->arena, "%lld", (long long)planning->within),
         .unit = "km",
         .required = true,
         .narrow = true},
        {.type = WIDGET_NUMBER,
         .name = "months",
         .label = say(request, N_("Not visited for")),
         .value = arena_print(request->arena, "%lld", (long long)planning->months),
         .unit = say(request, N_("months")),
         .required = true,
         .narrow = true},
    };
    const struct plan_filters view = {http_url(request, "/visits/plan"), fields, 2};
    template_visit_plan_filters(html, &view);
}

static const char *note_of(const struct planning *planning, const struct visits_member *member)
{
    const struct http_request *request = planning->request;
    const char *seen =
        member->seen == ABSENT
            ? say(request, N_("never visited"))
            : language_print(request->arena, request->language, N_("visited on {1}"),
                             language_day(request->arena, request->language, member->seen), (const char *)NULL);
    const char *note = arena_print(request->arena, "%s · %s", kilometres_text(request, member->kilometres), seen);
    if (!member->needs) return note;
    return arena_print(
        request->arena, "%s · %s", note,
        language_plural(request->arena, request->language, member->needs, N_("{1} need waits"), N_("{1} needs wait")));
}

static void draw_choice(const struct planning *planning, struct html *html, size_t kept)
{
    const struct http_request *request = planning->request;
    struct plan_row rows[CHOICES];
    const size_t count = kept < CHOICES ? kept : CHOICES;
    for (size_t i = 0; i < count; i++) {
        const struct visits_member *member = &planning->members[i];
        const char *commune = member->commune ? vocabulary_label(planning->context->records->vocabulary,
                                                                 request->language, "territory", member->commune)
                                              : "";
        rows[i] = (struct plan_row){.id = member->id,
                                    .box = arena_print(request->arena, "plan-%zu", i),
                                    .name = arena_print(request->arena, "%s – %s", member->name, commune),
                                    .note = note_of(planning, member)};
    }
    const struct widget day = {.type = WIDGET_DATE,
                               .name = "day",
                               .label = say(request, N_("Day")),
                               .value = day_text(request->arena, next_working_day(planning->today)),
                               .required = true};
    const struct plan_choice view = {
        .action = http_url(request, "/visits/plan"), .key = request->id, .day = &day, .rows = rows, .row_count = count};
    template_visit_plan_choice(html, &view);
}

static void draw_candidates(const struct planning *planning, struct html *html)
{
    const struct http_request *request = planning->request;
    const size_t kept = planning->has_start
                            ? visits_choose(planning->members, planning->count, planning->start,
                                            (double)planning->within, months_before(planning->today, planning->months))
                            : 0;
    const char *how =
        say(request,
            N_("Members that nobody of the cluster has visited for that long and that are not planned: never visited "
               "ones first, then by the last visit, then the nearest. Distances are as the crow flies."));
    html_open(html);
    draw_filters(planning, html);
    if (kept)
        draw_choice(planning, html, kept);
    else {
        const struct part_empty empty = {.title = say(request, N_("No company is waiting for a visit here")),
                                         .text = say(request, N_("Look further away, or take a shorter time."))};
        template_part_empty(html, &empty);
    }
    const struct part_section section = {
        .title = say(request, N_("Whom to see")), .text = how, .body = html_close(html)};
    template_part_section(html, &section);
}

/* Before the members are put in another order. */
static struct markup draw_spots(const struct planning *planning, struct html *html)
{
    const struct http_request *request = planning->request;
    struct visits_spot *spots = NULL;
    size_t count = visits_spots(request->arena, planning->members, planning->count,
                                months_before(planning->today, BLIND_MONTHS), &spots);
    if (count > SPOTS_SHOWN) count = SPOTS_SHOWN;
    struct part_row *rows = ARENA_ARRAY(request->arena, count + 1, struct part_row);
    for (size_t i = 0; i < count; i++) {
        struct part_cell *cells = ARENA_ARRAY(request->arena, 3, struct part_cell);
        cells[0].text = spots[i].departement ? vocabulary_label(planning->context->records->vocabulary,
                                                                request->language, "territory", spots[i].departement)
                                             : say(request, N_("Place not known"));
        cells[1].text = language_number(request->arena, request->language, spots[i].members, 0);
        cells[2].text = language_number(request->arena, request->language, spots[i].seen, 0);
        rows[i] = (struct part_row){cells, 3};
    }
    const struct part_column columns[] = {{.label = say(request, N_("Département"))},
                                          {.label = say(request, N_("Members")), .is_number = true},
                                          {.label = say(request, N_("Visited in 24 months")), .is_number = true}};
    const struct part_table table = {.caption = say(request, N_("Blind spots of the territory")),
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = 3,
                                     .rows = rows,
                                     .row_count = count};
    return count ? HTML_DRAWN(html, template_part_table, &table) : (struct markup){NULL, 0};
}

enum status page_visit_plan(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct planning planning = {.request = request,
                                .context = &context,
                                .today = time_today(),
                                .within = http_integer(&request->query, "within", 1, 2000, NEAR),
                                .months = http_integer(&request->query, "months", 1, 120, MONTHS)};
    enum status status = find_cluster(request, &planning.cluster, error);
    if (!status) status = visits_members(&context, planning.cluster, &planning.members, &planning.count, error);
    if (status) return status;
    planning.has_start = visits_start(&context, planning.cluster, &planning.start);
    const struct part_link actions[] = {
        {.label = say(request, N_("Note a visit")), .url = http_url(request, "/visits/note")},
        {.label = say(request, N_("The week’s tour")), .url = http_url(request, "/visits/tour")},
        {.label = say(request, N_("All visits")), .url = http_url(request, "/visits")}};
    const struct part_head head = {.title = say(request, N_("My visits")),
                                   .summary = record_name(&context, &organisation_kind, planning.cluster),
                                   .actions = actions,
                                   .action_count = 3};
    struct html html = page_begin(request);
    template_part_head(&html, &head);
    status = draw_year(&planning, &html, error);
    if (status) return status;
    const struct markup spots = draw_spots(&planning, &html);
    draw_candidates(&planning, &html);
    const struct part_section section = {.body = spots};
    if (spots.length) template_part_section(&html, &section);
    status = readings_commit(&context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}

/* One visit a company that was ticked; pressing the button again makes no second one. */
enum status post_visit_plan(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const char *key = http_value(&request->form, "key"), *day = http_value(&request->form, "day");
    int64_t cluster = 0, planned = 0;
    enum status status = find_cluster(request, &cluster, error);
    const char *own = arena_print(request->arena, "%lld", (long long)cluster);
    for (size_t i = 0; !status && i < request->form.count && planned < PLANNED_MOST; i++) {
        const struct http_parameter *item = &request->form.items[i];
        struct faults faults = {.count = 0};
        if (strcmp(item->name, "company") != 0) continue;
        const struct input items[] = {{"company", item->value}, {"cluster", own}, {"day", day ? day : ""}};
        const struct inputs inputs = {items, 3};
        const char *once = arena_print(request->arena, "plan-%s-%s", key ? key : "", item->value);
        struct record_change change = {
            .inputs = &inputs, .faults = &faults, .once = {once, day ? day : "", day ? strlen(day) : 0}};
        status = record_write(&context, &visit_kind, &change, error);
        if (status == STATUS_INPUT && faults.count) *error = faults.items[0];
        planned++;
    }
    if (!status && !planned) status = error_field(error, STATUS_INPUT, "company", N_("Tick at least one company."));
    if (status) return status;
    return http_redirect(request, response, http_url(request, arena_print(request->arena, "/visits/tour?from=%s", day)),
                         language_plural(request->arena, request->language, planned, N_("{1} visit is planned."),
                                         N_("{1} visits are planned.")));
}

/* ---- the tour ---- */

enum { SKETCH_WIDE = 640, SKETCH_HIGH = 320, SKETCH_EDGE = 24, FACTS = 6, LINE_BYTES = 8192, BASELINE = 5 };
static const double MILLIONTHS = 1e-6, HALF_TURN = 180, PI = 3.14159265358979323846;

struct frame {
    double west, north, scale;
};

/* Degrees of longitude are made as short as they are there, so that shapes are right. */
static double across(double longitude, double latitude) { return longitude * cos(latitude * PI / HALF_TURN); }

static struct frame frame_of(const struct route_point *points, size_t count)
{
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const double x = across(points[i].longitude, points[0].latitude);
        west = fmin(west, x), east = fmax(east, x);
        south = fmin(south, points[i].latitude), north = fmax(north, points[i].latitude);
    }
    const double wide = (SKETCH_WIDE - 2 * SKETCH_EDGE) / fmax(east - west, 1e-4);
    const double high = (SKETCH_HIGH - 2 * SKETCH_EDGE) / fmax(north - south, 1e-4);
    return (struct frame){west, north, fmin(wide, high)};
}

static void place_dot(const struct frame *frame, struct route_point at, double middle, int64_t *x, int64_t *y)
{
    *x = SKETCH_EDGE + (int64_t)lround((across(at.longitude, middle) - frame->west) * frame->scale);
    *y = SKETCH_EDGE + (int64_t)lround((frame->north - at.latitude) * frame->scale);
}

/* Where the stops are to each other, north above; NULL when there is nothing to show. */
static const struct tour_sketch *draw_sketch(const struct http_request *request, const struct visits_day *day,
                                             const struct route_point *start)
{
    struct route_point points[ROUTE_MOST] = {*start};
    size_t count = 1;
    for (size_t i = 0; i < day->count && !isnan(day->stops[i].kilometres); i++) {
        const struct place *place = &day->stops[i].visit->place;
        points[count++] =
            (struct route_point){(double)place->latitude * MILLIONTHS, (double)place->longitude * MILLIONTHS};
    }
    if (count < 2) return NULL;
    const struct frame frame = frame_of(points, count);
    struct tour_sketch *sketch = ARENA_NEW(request->arena, struct tour_sketch);
    struct tour_dot *dots = ARENA_ARRAY(request->arena, count, struct tour_dot);
    struct buffer *line = buffer_new(request->arena, LINE_BYTES);
    *sketch = (struct tour_sketch){
        .title = say(request, N_("Sketch of the round: the numbers are those of the list, north is above")),
        .dots = dots,
        .width = SKETCH_WIDE,
        .height = SKETCH_HIGH,
        .box = arena_print(request->arena, "0 0 %d %d", SKETCH_WIDE, SKETCH_HIGH)};
    place_dot(&frame, points[0], points[0].latitude, &sketch->start_x, &sketch->start_y);
    buffer_print(line, "%lld,%lld", (long long)sketch->start_x, (long long)sketch->start_y);
    for (size_t i = 1; i < count; i++) {
        struct tour_dot *dot = &dots[sketch->dot_count++];
        dot->number = (int64_t)i;
        place_dot(&frame, points[i], points[0].latitude, &dot->x, &dot->y);
        dot->text_y = dot->y + BASELINE;
        buffer_print(line, " %lld,%lld", (long long)dot->x, (long long)dot->y);
    }
    buffer_print(line, " %lld,%lld", (long long)sketch->start_x, (long long)sketch->start_y);
    sketch->line = buffer_data(line);
    return sketch;
}

static void add_fact(struct tour_stop *stop, struct tour_fact *facts, const char *label, const char *text,
                     const char *url)
{
    if (!text || !*text) return;
    facts[stop->fact_count++] = (struct tour_fact){label, text, url};
}

static const char *shown(struct record_context *context, const struct kind *kind, const char *name, const void *record)
{
    return field_show(context, kind_field(kind, name), record);
}

static void add_company(struct record_context *context, const struct http_request *request,
                        const struct organisation *company, struct tour_stop *stop, struct tour_fact *facts)
{
    const char *telephone = company->telephone.value;
    add_fact(stop, facts, say(request, N_("Contact")), company->contact.value, NULL);
    add_fact(stop, facts, say(request, N_("Telephone")), shown(context, &organisation_kind, "telephone", company),
             telephone ? arena_print(request->arena, "tel:%s", telephone) : NULL);
    add_fact(stop, facts, say(request, N_("Activity")),
             company->activity.value ? company->activity.value : shown(context, &organisation_kind, "sector", company),
             NULL);
}

static struct tour_stop draw_stop(struct record_context *context, const struct http_request *request,
                                  const struct visits_stop *stop, int64_t number)
{
    struct tour_fact *facts = ARENA_ARRAY(request->arena, FACTS, struct tour_fact);
    const bool held = strcmp(stop->visit->head.state, "held") == 0;
    const char *note = arena_print(request->arena, "/visits/note?visit=%lld", (long long)stop->visit->head.id);
    struct tour_stop view = {.number = number,
                             .name = record_name(context, &organisation_kind, stop->visit->company.id),
                             .note_url = http_url(request, note),
                             .note_label = say(request, held ? N_("Correct the note") : N_("Note this visit")),
                             .where = shown(context, &visit_kind, "place", stop->visit),
                             .tag = record_result(context, request, &visit_kind, stop->visit).tag,
                             .facts = facts};
    if (!isnan(stop->kilometres))
        view.way = language_print(request->arena, request->language, N_("{1} from the stop before"),
                                  kilometres_text(request, stop->kilometres), (const char *)NULL);
    if (stop->company) {
        view.url = record_url(request, &organisation_kind, stop->company->head.id);
        add_company(context, request, stop->company, &view, facts);
    }
    if (stop->last) {
        add_fact(&view, facts, say(request, N_("Last visit")),
                 language_day(request->arena, request->language, stop->last->day.day),
                 record_url(request, &visit_kind, stop->last->head.id));
        add_fact(&view, facts, say(request, N_("Next steps agreed")), stop->last->next.value, NULL);
    }
    return view;
}

static void draw_day(struct html *html, struct record_context *context, const struct http_request *request,
                     const struct visits_day *day, const struct route_point *start)
{
    struct tour_stop *stops = ARENA_ARRAY(request->arena, day->count + 1, struct tour_stop);
    for (size_t i = 0; i < day->count; i++) stops[i] = draw_stop(context, request, &day->stops[i], (int64_t)i + 1);
    const char *visits =
        language_plural(request->arena, request->language, (int64_t)day->count, N_("{1} visit"), N_("{1} visits"));
    const char *round = isnan(day->kilometres)
                            ? NULL
                            : language_print(request->arena, request->language,
                                             N_("{1}, a round of {2} as the crow flies from the cluster and back."),
                                             visits, kilometres_text(request, day->kilometres), (const char *)NULL);
    const struct tour_day view = {.title = language_day(request->arena, request->language, day->day),
                                  .sentence = round ? round : visits,
                                  .sketch = start ? draw_sketch(request, day, start) : NULL,
                                  .stops = stops,
                                  .stop_count = day->count};
    template_visit_tour_day(html, &view);
}

/* ?from=DAY: a week from that day. */
enum status page_visit_tour(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct visits_day *days = NULL;
    struct route_point start;
    int64_t cluster = 0;
    size_t count = 0;
    const int64_t from = asked_day(&request->query, "from", time_today()), until = from + WEEK - 1;
    enum status status = find_cluster(request, &cluster, error);
    if (!status) status = visits_tour(&context, cluster, from, until, &days, &count, error);
    if (status) return status;
    const bool has_start = visits_start(&context, cluster, &start);
    const char *const texts[] = {day_text(request->arena, from), day_text(request->arena, until),
                                 day_text(request->arena, from - WEEK), day_text(request->arena, from + WEEK)};
    const struct part_link actions[] = {
        {.label = say(request, N_("Note a visit")), .url = http_url(request, "/visits/note")},
        {.label = say(request, N_("Week before")),
         .url = http_url(request, arena_print(request->arena, "/visits/tour?from=%s", texts[2]))},
        {.label = say(request, N_("Week after")),
         .url = http_url(request, arena_print(request->arena, "/visits/tour?from=%s", texts[3]))}};
    const struct part_head head = {
        .title = language_print(request->arena, request->language, N_("Tour from {1} to {2}"),
                                language_day(request->arena, request->language, from),
                                language_day(request->arena, request->language, until), (const char *)NULL),
        .summary = say(request, N_("Each day in an order that makes the way short. Printed, it fits on sheets of A4; "
                                   "on a telephone it stays readable "
                                   "without a network once it was opened.")),
        .actions = actions,
        .action_count = 3};
    struct html html = page_begin(request);
    template_part_head(&html, &head);
    if (count)
        html_markup(&html, map_move_draw(&html, http_url(request, arena_print(request->arena,
                                                                              "/visits/points?day.from=%s&day.until=%s",
                                                                              texts[0], texts[1]))));
    for (size_t i = 0; i < count; i++) draw_day(&html, &context, request, &days[i], has_start ? &start : NULL);
    const struct part_link plan = {.label = say(request, N_("Plan visits")), .url = http_url(request, "/visits/plan")};
    const struct part_empty empty = {
        .title = say(request, N_("No visit is planned on these days")), .actions = &plan, .action_count = 1};
    if (!count) template_part_empty(&html, &empty);
    const struct tour_taken taken = {arena_print(request->arena, "%lld", (long long)request->viewer->account)};
    template_visit_taken(&html, &taken);
    status = readings_commit(&context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}
