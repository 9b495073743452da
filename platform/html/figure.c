/* figure.c: a figure of a page asked as a file: the page's own address with figure=N&as=FORM, so that rights and filters are the same. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"
#include "platform/http/http.h"
#include "platform/text/text.h"

enum { NAME_BYTES = 60, MOST_FIGURES = 1000, TARGET_BYTES = 16 * 1024 };

static const struct {
    const char *name, *media_type, *ending, *label;
} forms[FIGURE_FORMS] = {[FIGURE_CSV] = {"csv", "text/csv; charset=utf-8", "csv", "CSV"},
                         [FIGURE_SVG] = {"svg", "image/svg+xml", "svg", "SVG"},
                         [FIGURE_VEGA] = {"vega", "application/json", "vl.json", "Vega-Lite"}};

struct figure figure_begin(const struct html *page)
{
    const struct http_request *request = page->request;
    struct figure figure = {0, FIGURE_PAGE};
    if (!request || !request->part) return figure;
    figure.number = ++request->part->count;
    const char *as = http_value(&request->query, "as");
    if (!as || http_integer(&request->query, "figure", 1, MOST_FIGURES, 0) != (int64_t)figure.number) return figure;
    for (int form = FIGURE_CSV; form < FIGURE_FORMS; form++)
        if (strcmp(forms[form].name, as) == 0) figure.asked = (enum figure_form)form;
    return figure;
}

/* The address of the page without what asks a figure, ready for one more parameter. */
static const char *page_address(const struct http_request *request)
{
    struct buffer *out = buffer_new(request->arena, TARGET_BYTES);
    const char *at = request->target + strcspn(request->target, "?");
    buffer_add(out, request->target, (size_t)(at - request->target));
    char before = '?';
    while (*at) {
        const size_t length = 1 + strcspn(at + 1, "&");
        if (length > 1 && strncmp(at + 1, "figure=", 7) != 0 && strncmp(at + 1, "as=", 3) != 0) {
            buffer_char(out, before);
            buffer_add(out, at + 1, length - 1);
            before = '&';
        }
        at += length;
    }
    buffer_char(out, before);
    return buffer_data(out);
}

void figure_links(struct html *html, struct figure figure)
{
    if (!figure.number) return;
    const char *address = page_address(html->request);
    svg_put(html, "<p class=\"chart-files\">");
    html_text(html, language_text(html->language, N_("Download:")));
    for (int form = FIGURE_CSV; form < FIGURE_FORMS; form++) {
        svg_put(html, " <a rel=\"nofollow\" href=\"");
        html_url(html, arena_print(html->arena, "%sfigure=%zu&as=%s", address, figure.number, forms[form].name));
        svg_put(html, "\">");
        html_text(html, forms[form].label);
        svg_put(html, "</a>");
    }
    svg_put(html, "</p>");
}

/* "Where do companies lack people?" -> "where-do-companies-lack-people". */
static const char *file_name(struct arena *arena, const char *question)
{
    const char *folded = text_fold(arena, question);
    char *name = arena_copy(arena, folded);
    size_t length = 0;
    for (const char *at = folded; *at && length < NAME_BYTES; at++) {
        const bool plain = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
        if (plain)
            name[length++] = *at;
        else if (length && name[length - 1] != '-')
            name[length++] = '-';
    }
    while (length && name[length - 1] == '-') length--;
    name[length] = '\0';
    return length ? name : "figure";
}

void figure_keep(const struct html *page, struct figure figure, const char *question, const char *text, size_t length)
{
    struct http_part *part = page->request->part;
    part->body = text;
    part->length = length;
    part->media_type = forms[figure.asked].media_type;
    part->filename = arena_print(page->arena, "%s.%s", file_name(page->arena, question), forms[figure.asked].ending);
}
