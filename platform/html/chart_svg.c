/* Drawing by hand: what SVG needs, and how long a text is. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

void svg_put(struct html *html, const char *markup) { buffer_text(html->out, markup); }

static void put_tenths(struct html *html, double value)
{
    const long long tenths = llround(value * 10);
    const long long size = tenths < 0 ? -tenths : tenths;
    buffer_print(html->out, "%s%lld", tenths < 0 ? "-" : "", size / 10);
    if (size % 10) buffer_print(html->out, ".%lld", size % 10);
}

void svg_real(struct html *html, const char *name, double value)
{
    buffer_print(html->out, " %s=\"", name);
    put_tenths(html, value);
    buffer_char(html->out, '"');
}

void svg_attribute(struct html *html, const char *name, const char *text)
{
    buffer_print(html->out, " %s=\"", name);
    html_text(html, text);
    buffer_char(html->out, '"');
}

void svg_rectangle(struct html *html, const char *class, double x, double y, double width, double height)
{
    svg_put(html, "<rect");
    svg_attribute(html, "class", class);
    svg_real(html, "x", x);
    svg_real(html, "y", y);
    svg_real(html, "width", width > 0 ? width : 0);
    svg_real(html, "height", height);
    svg_put(html, "/>");
}

void svg_line(struct html *html, const char *class, double x1, double y1, double x2, double y2)
{
    svg_put(html, "<line");
    svg_attribute(html, "class", class);
    svg_real(html, "x1", x1);
    svg_real(html, "y1", y1);
    svg_real(html, "x2", x2);
    svg_real(html, "y2", y2);
    svg_put(html, "/>");
}

void svg_label(struct html *html, const char *class, const char *anchor, double x, double y, const char *text)
{
    svg_put(html, "<text");
    svg_attribute(html, "class", class);
    svg_real(html, "x", x);
    svg_real(html, "y", y);
    if (strcmp(anchor, "start") != 0) svg_attribute(html, "text-anchor", anchor);
    svg_put(html, ">");
    html_text(html, text);
    svg_put(html, "</text>\n"); /* parts words where screen readers join them */
}

void svg_coordinate(struct html *html, double value)
{
    buffer_char(html->out, ' ');
    put_tenths(html, value);
}

bool svg_open_link(struct html *html, const char *class, const char *link, const char *name)
{
    if (!link || !html_url_allowed(link)) return false;
    svg_put(html, "<a");
    svg_attribute(html, "class", class);
    svg_attribute(html, "href", link);
    if (name) svg_attribute(html, "aria-label", name);
    svg_put(html, ">");
    return true;
}

/* Rough widths in a hundredth of the font's size, for a humanist sans serif; a little large, so that texts fit. */
static int character_width(unsigned char character)
{
    if (character >= 0x80) return (character & 0xc0) == 0x80 ? 0 : 58; /* the first byte stands for the character */
    if (strchr(" iljtf.,:;'|!()[]", character)) return 32;
    if (strchr("mwMW@%", character)) return 88;
    if (character >= 'A' && character <= 'Z') return 68;
    return 56;
}

static double width_of_bytes(const char *text, size_t length)
{
    int hundredths = 0;
    for (size_t i = 0; i < length; i++) hundredths += character_width((unsigned char)text[i]);
    return hundredths * FONT_SIZE / 100.0;
}

double svg_text_width(const char *text) { return width_of_bytes(text, strlen(text)); }

/* The longest beginning that fits, ending at a whole character. */
static size_t fitting_bytes(const char *text, double width)
{
    size_t fits = 0;
    int hundredths = 0;
    for (size_t i = 0; text[i]; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) fits = i;
        hundredths += character_width((unsigned char)text[i]);
        if (hundredths * FONT_SIZE / 100.0 > width) return fits;
    }
    return strlen(text);
}

const char *svg_fit(struct arena *arena, const char *text, double width)
{
    if (svg_text_width(text) <= width) return text;
    size_t length = fitting_bytes(text, width - FONT_SIZE);
    while (length && text[length - 1] == ' ') length--;
    return arena_print(arena, "%.*s…", (int)length, text);
}

size_t svg_wrap(struct arena *arena, const char *text, double width, const char **lines, size_t most)
{
    size_t count = 0;
    while (*text && count < most) {
        size_t length = fitting_bytes(text, width);
        if (!text[length]) {
            lines[count++] = text;
            break;
        }
        if (count + 1 == most) {
            lines[count++] = svg_fit(arena, text, width);
            break;
        }
        size_t space = length;
        while (space && text[space] != ' ') space--;
        if (space) length = space;
        if (!length) length = strlen(text);
        lines[count++] = arena_copy_bytes(arena, text, length);
        text += length;
        while (*text == ' ') text++;
    }
    return count;
}

void svg_open(const struct canvas *canvas, const char *class, const char *role, const char *title,
              const char *description)
{
    struct html *html = canvas->html;
    const char *side = canvas->narrow ? "n" : "w";
    buffer_print(html->out, "<svg class=\"%s\" role=\"%s\" viewBox=\"0 0 ", class, role);
    put_tenths(html, canvas->width);
    svg_coordinate(html, canvas->height);
    buffer_print(html->out, "\" aria-labelledby=\"%s-%st\" aria-describedby=\"%s-%sd\"><title id=\"%s-%st\">",
                 canvas->id, side, canvas->id, side, canvas->id, side);
    html_text(html, title);
    buffer_print(html->out, "</title><desc id=\"%s-%sd\">", canvas->id, side);
    html_text(html, description);
    svg_put(html, "</desc>");
}

void svg_define_hatch(const struct canvas *canvas)
{
    buffer_print(canvas->html->out,
                 "<defs><pattern id=\"%s-%sh\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                 "patternTransform=\"rotate(45)\">"
                 "<rect class=\"hatch-ground\" width=\"6\" height=\"6\"/><line class=\"hatch-line\" x1=\"1\" y1=\"0\" "
                 "x2=\"1\" y2=\"6\"/></pattern></defs>",
                 canvas->id, canvas->narrow ? "n" : "w");
}

void svg_hatched(const struct canvas *canvas, double x, double y, double width, double height)
{
    struct html *html = canvas->html;
    buffer_print(html->out, "<rect class=\"hatched\" fill=\"url(#%s-%sh)\"", canvas->id, canvas->narrow ? "n" : "w");
    svg_real(html, "x", x);
    svg_real(html, "y", y);
    svg_real(html, "width", width);
    svg_real(html, "height", height);
    svg_put(html, "/>");
}

/* FNV-1a, 32 bits (public domain, Fowler, Noll and Vo). */
static uint32_t hash_text(uint32_t hash, const char *text)
{
    for (; text && *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619U;
    return hash;
}

const char *chart_id(struct arena *arena, const char *question, const char *more, size_t count)
{
    const uint32_t hash = hash_text(hash_text(2166136261U, question), more);
    return arena_print(arena, "c%08x", hash ^ (uint32_t)count);
}

const char *chart_series_class(struct arena *arena, const char *before, size_t series)
{
    return arena_print(arena, "%s c%d", before, (int)(series % SERIES_COLOURS));
}
