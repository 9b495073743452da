/* map_page.c: what a list holds, on the map: counts by région or département, each opening its list; points when they are few. */
#include <string.h>

#include "base/arena.h"
#include "platform/html/chart.h"
#include "platform/html/map_move.h"
#include "platform/html/templates.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/record/readings.h"

enum { POINTS_MOST = 300 };

static const char *area_text(const struct http_request *request, const struct record_count *count)
{
    const char *number = language_number(request->arena, request->language, count->count, 0);
    return arena_print(request->arena, request->language == LANGUAGE_FRENCH ? "%s\u202f: %s" : "%s: %s", count->label,
                       number);
}

static struct map_area *map_areas(const struct http_request *request, const struct kind *kind,
                                  const struct record_query *query, const struct record_count *counts, size_t count)
{
    struct map_area *areas = ARENA_ARRAY(request->arena, count + 1, struct map_area);
    for (size_t i = 0; i < count; i++)
        areas[i] = (struct map_area){
            .code = counts[i].value,
            .value = (double)counts[i].count,
            .text = area_text(request, &counts[i]),
            .link = record_list_url(request, kind, record_query_text(request->arena, query, "place", counts[i].value))};
    return areas;
}

static enum status map_points(struct record_context *context, const struct http_request *request,
                              struct record_found *found, struct france_map *map, struct error *error)
{
    struct map_point *points = ARENA_ARRAY(request->arena, POINTS_MOST, struct map_point);
    int64_t at = INT64_MAX;
    enum status status = STATUS_OK;
    if (found->total > POINTS_MOST) return STATUS_OK;
    for (;;) {
        void **records = NULL;
        size_t count = 0;
        status = record_found_next(context, found, &at, &records, &count, error);
        if (status || !count) break;
        for (size_t i = 0; i < count && map->point_count < POINTS_MOST; i++) {
            struct place place;
            if (!record_place(context, found->kind, records[i], &place) || place.latitude == ABSENT) continue;
            points[map->point_count++] =
                (struct map_point){.latitude = place.latitude,
                                   .longitude = place.longitude,
                                   .weight = 1,
                                   .label = record_title(found->kind, records[i]),
                                   .approximate = place.approximate == 1,
                                   .link = record_url(request, found->kind, head_in(records[i])->id)};
        }
    }
    map->points = points;
    return status;
}

static const struct part_tabs *level_tabs(const struct http_request *request, const struct kind *kind, const char *text,
                                          bool fine)
{
    struct part_tabs *tabs = ARENA_NEW(request->arena, struct part_tabs);
    struct part_link *links = ARENA_ARRAY(request->arena, 2, struct part_link);
    const char *path = arena_print(request->arena, "%s/map?%s%slevel=", kind->path, text, *text ? "&" : "");
    links[0] = (struct part_link){.label = language_text(request->language, N_("Régions")),
                                  .current = !fine,
                                  .url = http_url(request, arena_print(request->arena, "%sregion", path))};
    links[1] = (struct part_link){.label = language_text(request->language, N_("Départements")),
                                  .current = fine,
                                  .url = http_url(request, arena_print(request->arena, "%sdepartement", path))};
    *tabs = (struct part_tabs){language_text(request->language, N_("Territories")), links, 2};
    return tabs;
}

static const char *points_url(const struct http_request *request, const struct kind *kind, const char *text)
{
    return http_url(request, arena_print(request->arena, "%s/points%s%s", kind->path, *text ? "?" : "", text));
}

enum status record_map_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    struct record_found found;
    struct record_count *counts = NULL;
    size_t count = 0;
    const char *level = http_value(&request->query, "level");
    const bool fine = level && strcmp(level, "departement") == 0;
    if (!kind->place) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    context.shown = &record_shown_in_lists;
    enum status status = record_list_find(&context, request, kind, &query, &found, error);
    if (!status)
        status =
            record_counts(&context, &query, &found, "place", fine ? "departement" : "region", &counts, &count, error);
    struct france_map map = {.level = fine ? MAP_DEPARTEMENTS : MAP_REGIONS, .area_count = count};
    if (!status) status = map_points(&context, request, &found, &map, error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    map.areas = map_areas(request, kind, &query, counts, count);
    map.question = language_print(request->arena, request->language, N_("{1}: where are they?"),
                                  language_text(request->language, kind->plural), (const char *)NULL);
    map.unit = language_text(request->language, kind->plural);
    map.source = language_print(
        request->arena, request->language, N_("Source: Maillage, {1}. What you may see, counted as of now."),
        language_moment(request->arena, request->language, record_now(&context)), (const char *)NULL);
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    struct part_list list =
        record_list_frame(&context, request, arena_print(request->arena, "%s/map", kind->path), &query, &found);
    const char *text = record_query_text(request->arena, &query, NULL, NULL);
    html_open(&html);
    template_part_tabs(&html, level_tabs(request, kind, text, fine));
    html_markup(&html, map_move_draw(&html, points_url(request, kind, text)));
    html_markup(&html, map_draw(&html, &map));
    list.body = html_close(&html);
    template_part_list(&html, &list);
    const struct page page = {.title = language_print(request->arena, request->language, N_("{1} on the map"),
                                                      list.head.title, (const char *)NULL),
                              .section = kind->path,
                              .body = html_finish(&html)};
    page_send(request, response, &page);
    return STATUS_OK;
}
