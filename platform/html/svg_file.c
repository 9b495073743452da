/* svg_file.c: a drawing that leaves the site: it carries its question, its source and its colours. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/assets.h"
#include "platform/html/chart_private.h"

enum { MARGIN = 24, WIDTH = 768, LINES = 6, TEXT_LINE = 20, MOST_BYTES = 4 * 1024 * 1024 };

struct svg_file svg_file_open(const struct html *page, const char *question, const char *unit)
{
    struct svg_file file = {
        .html = html_new(page->arena, page->language, page->request, MOST_BYTES), .width = WIDTH, .height = MARGIN};
    svg_file_text(&file, "file-question", question);
    if (unit && *unit) svg_file_text(&file, "file-unit", unit);
    file.height += MARGIN / 2.0;
    return file;
}

void svg_file_put(struct svg_file *file, struct markup drawing, double width, double height)
{
    static const char open[] = "<svg";
    svg_put(&file->html, open);
    svg_real(&file->html, "x", MARGIN);
    svg_real(&file->html, "y", file->height);
    svg_real(&file->html, "width", width);
    svg_real(&file->html, "height", height);
    html_markup(&file->html, (struct markup){drawing.html + strlen(open), drawing.length - strlen(open)});
    file->height += height + MARGIN / 2.0;
}

void svg_file_text(struct svg_file *file, const char *class, const char *text)
{
    const char *lines[LINES];
    const size_t count = svg_wrap(file->html.arena, text ? text : "", WIDTH - 2 * MARGIN, lines, LINES);
    for (size_t i = 0; i < count; i++) {
        file->height += TEXT_LINE;
        svg_label(&file->html, class, "start", MARGIN, file->height, lines[i]);
    }
}

struct markup svg_file_close(struct svg_file *file)
{
    struct html whole = html_new(file->html.arena, file->html.language, file->html.request, MOST_BYTES);
    const struct markup inside = html_finish(&file->html);
    size_t length = 0;
    const char *style = asset_text("drawing.css", &length);
    svg_put(&whole, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"");
    svg_real(&whole, "width", file->width);
    svg_real(&whole, "height", file->height + MARGIN);
    svg_put(&whole, " font-family=\"sans-serif\"><style>");
    html_markup(&whole, (struct markup){style, length});
    svg_put(&whole, "</style><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
    html_markup(&whole, inside);
    svg_put(&whole, "</svg>\n");
    return html_finish(&whole);
}
