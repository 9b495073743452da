#include "platform/html/parts.h"

#include "base/arena.h"
#include "platform/html/parts_private.h"
#include "platform/html/templates.h"
#include "platform/html/widget.h"

enum { USUAL_SHOWN = 6, PAGES_AROUND = 1, PAGES_ALL = 7 };

void template_part_errors(struct html *html, const struct part_errors *errors)
{
    if (!errors->line_count) return;
    struct error_line_view *lines = ARENA_ARRAY(html->arena, errors->line_count, struct error_line_view);
    for (size_t i = 0; i < errors->line_count; i++) {
        const char *field = errors->lines[i].field;
        lines[i] =
            (struct error_line_view){field && *field ? widget_id(html->arena, field) : NULL, errors->lines[i].sentence};
    }
    template_part_error_list(html, &(struct error_list_view){lines, errors->line_count});
}

static struct table_row_view row_view(struct html *html, const struct part_table *table, const struct part_row *row)
{
    struct table_cell_view *cells = ARENA_ARRAY(html->arena, row->cell_count, struct table_cell_view);
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct part_cell *cell = &row->cells[i];
        const struct part_column *column = i < table->column_count ? &table->columns[i] : NULL;
        cells[i] = (struct table_cell_view){
            .label = column ? column->label : NULL,
            .is_number = column && column->is_number,
            .text = cell->text,
            .url = cell->url,
            .markup = cell->markup,
            .is_head = i == 0 && table->first_is_head,
        };
    }
    return (struct table_row_view){cells, row->cell_count};
}

void template_part_table(struct html *html, const struct part_table *table)
{
    struct table_row_view *rows = ARENA_ARRAY(html->arena, table->row_count, struct table_row_view);
    for (size_t i = 0; i < table->row_count; i++) rows[i] = row_view(html, table, &table->rows[i]);
    template_part_table_drawn(html, &(struct table_view){
                                        .caption = table->caption,
                                        .caption_unseen = table->caption_unseen,
                                        .columns = table->columns,
                                        .column_count = table->column_count,
                                        .rows = rows,
                                        .row_count = table->row_count,
                                    });
}

/* The choices in two lists: those shown at once (the first ones and all that are chosen) and the others. */
static struct facet_view facet_view(struct html *html, const struct part_facet *facet, int64_t *chosen)
{
    const size_t shown = facet->shown ? facet->shown : USUAL_SHOWN;
    struct facet_choice_view *first_ones = ARENA_ARRAY(html->arena, facet->choice_count, struct facet_choice_view);
    struct facet_choice_view *others = ARENA_ARRAY(html->arena, facet->choice_count, struct facet_choice_view);
    struct facet_view view = {.label = facet->label, .first_ones = first_ones, .others = others};
    for (size_t i = 0; i < facet->choice_count; i++) {
        const struct part_facet_choice *choice = &facet->choices[i];
        struct facet_choice_view made = {.id = arena_print(html->arena, "n-%s-%zu", facet->name, i),
                                         .name = facet->name,
                                         .value = choice->value,
                                         .label = choice->label,
                                         .count = choice->count,
                                         .chosen = choice->chosen};
        *chosen += choice->chosen;
        if (i < shown || choice->chosen)
            first_ones[view.first_one_count++] = made;
        else
            others[view.other_count++] = made;
    }
    view.hidden = (int64_t)view.other_count;
    return view;
}

/* The usual distances, and the one that was asked. */
static size_t distances(const struct part_facets *facets, struct facet_distance_view *views)
{
    static const int64_t usual[] = {5, 10, 25, 50, 100, 200};
    const int64_t asked = facets->within > 0 ? facets->within : 25;
    size_t count = 0;
    bool shown = false;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (!shown && asked < usual[i]) views[count++] = (struct facet_distance_view){asked, true}, shown = true;
        views[count++] = (struct facet_distance_view){usual[i], asked == usual[i]};
        shown = shown || asked == usual[i];
    }
    if (!shown) views[count++] = (struct facet_distance_view){asked, true};
    return count;
}

void template_part_facets(struct html *html, const struct part_facets *facets)
{
    int64_t chosen = facets->around != NULL;
    struct facet_distance_view *choices = ARENA_ARRAY(html->arena, 8, struct facet_distance_view);
    struct facet_view *views = ARENA_ARRAY(html->arena, facets->facet_count, struct facet_view);
    for (size_t i = 0; i < facets->facet_count; i++) views[i] = facet_view(html, &facets->facets[i], &chosen);
    template_part_facet_panel(html, &(struct facet_panel_view){
                                        .action = facets->action,
                                        .query = facets->query,
                                        .target = facets->target,
                                        .search = facets->search,
                                        .has_place = facets->has_place,
                                        .around = facets->around,
                                        .distances = choices,
                                        .distance_count = distances(facets, choices),
                                        .chosen = chosen,
                                        .facets = views,
                                        .facet_count = facets->facet_count,
                                        .parameters = facets->parameters,
                                        .parameter_count = facets->parameter_count,
                                    });
}

static const char *page_url(struct html *html, const char *before, int64_t page)
{
    return arena_print(html->arena, "%s%lld", before, (long long)page);
}

static const char *pages_sentence(struct html *html, int64_t page, int64_t per_page, int64_t total)
{
    const int64_t first = (page - 1) * per_page + 1;
    const int64_t last = page * per_page < total ? page * per_page : total;
    return language_print(html->arena, html->language, N_("{1} to {2} of {3}"),
                          language_number(html->arena, html->language, first, 0),
                          language_number(html->arena, html->language, last, 0),
                          language_number(html->arena, html->language, total, 0), (const char *)NULL);
}

/* Whether the number is one of those shown: the first, the last, the current one and its neighbours. */
static bool page_shown(int64_t number, int64_t page, int64_t last)
{
    if (last <= PAGES_ALL || number == 1 || number == last) return true;
    return number >= page - PAGES_AROUND && number <= page + PAGES_AROUND;
}

struct part_pages parts_pages(struct html *html, const char *before, int64_t page, int64_t per_page, int64_t total)
{
    if (total <= 0) return (struct part_pages){0};
    const int64_t last = (total - 1) / per_page + 1;
    if (page > last) page = last;
    if (page < 1) page = 1;
    struct part_pages pages = {.sentence = pages_sentence(html, page, per_page, total)};
    if (last == 1) return pages;
    struct part_page_link *links = ARENA_ARRAY(html->arena, PAGES_ALL + 2, struct part_page_link);
    const int64_t candidates[] = {1, 2, 3, 4, 5, 6, 7, page - 1, page, page + 1, last};
    int64_t previous = 0;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        const int64_t number = candidates[i];
        if (number <= previous || number > last || !page_shown(number, page, last)) continue;
        if (number > previous + 1) links[pages.page_count++] = (struct part_page_link){.gap = true};
        links[pages.page_count++] =
            (struct part_page_link){.label = language_number(html->arena, html->language, number, 0),
                                    .url = page_url(html, before, number),
                                    .current = number == page};
        previous = number;
    }
    pages.pages = links;
    if (page > 1) pages.previous_url = page_url(html, before, page - 1);
    if (page < last) pages.next_url = page_url(html, before, page + 1);
    return pages;
}
