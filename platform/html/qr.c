#include "platform/html/qr.h"

#include <qrencode.h>

#include "base/buffer.h"
#include "platform/html/chart_private.h"

enum { QUIET = 4, MOST_BYTES = 256 * 1024 };

/* One stroke for each run of dark modules: a third of the size of one square each. */
static void draw_runs(struct html *html, const QRcode *code)
{
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++) {
            const unsigned char *row = code->data + y * code->width;
            int end = x;
            while (end < code->width && row[end] & 1) end++;
            if (end > x) buffer_print(html->out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x, end - x);
            x = end;
        }
}

struct markup qr_draw(struct arena *arena, const char *text, const char *label)
{
    struct html html = html_new(arena, LANGUAGE_FRENCH, NULL, MOST_BYTES);
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) return (struct markup){"", 0};
    const int size = code->width + 2 * QUIET;
    buffer_print(html.out, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\"", size, size);
    svg_attribute(&html, "aria-label", label);
    svg_put(
        &html,
        " shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"");
    draw_runs(&html, code);
    svg_put(&html, "\"/></svg>");
    QRcode_free(code);
    return html_finish(&html);
}
