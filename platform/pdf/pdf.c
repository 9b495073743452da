#include "platform/pdf/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps one pattern of its first use for as long as the process lives. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }
#endif

/* Points: 72 an inch. */
static const double page_width = 595.28, page_height = 841.89, margin = 56.7, foot = 36;
static const double cell_padding = 4, line_gap = 3;

struct pdf {
    struct arena *arena;
    struct pdf_about about;
    struct buffer *out;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoFontMap *fonts;
    PangoContext *context;
    double y;
    int pages;
    bool too_long;
};

static void release(void *data)
{
    struct pdf *pdf = data;
    if (pdf->context) g_object_unref(pdf->context);
    if (pdf->fonts) g_object_unref(pdf->fonts);
    if (pdf->cairo) cairo_destroy(pdf->cairo);
    if (pdf->surface) cairo_surface_destroy(pdf->surface);
}

static cairo_status_t take_bytes(void *data, const unsigned char *bytes, unsigned length)
{
    struct buffer *out = data;
    buffer_add(out, bytes, length);
    return buffer_overflowed(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool is_over(const struct pdf *pdf) { return pdf->too_long || cairo_status(pdf->cairo) != CAIRO_STATUS_SUCCESS; }

/* ---- texts ---- */

struct style {
    double size;
    bool bold;
};
static const struct style title_style = {20, true}, heading_style = {13, true}, text_style = {10, false},
                          small_style = {9, false}, head_style = {9, true}, foot_style = {8, false};

static PangoLayout *layout_of(struct pdf *pdf, const char *text, struct style style, double width)
{
    PangoLayout *layout = pango_layout_new(pdf->context);
    PangoFontDescription *font = pango_font_description_from_string("Sans");
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text ? text : "", -1);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

static void draw_at(struct pdf *pdf, PangoLayout *layout, double x, double y, const char *tag)
{
    if (tag) cairo_tag_begin(pdf->cairo, tag, NULL);
    cairo_move_to(pdf->cairo, x, y);
    pango_cairo_show_layout(pdf->cairo, layout);
    if (tag) cairo_tag_end(pdf->cairo, tag);
}

/* ---- pages ---- */

static void draw_foot(struct pdf *pdf)
{
    const char *words = arena_print(pdf->arena, "%s – %d", pdf->about.footer ? pdf->about.footer : "", pdf->pages);
    PangoLayout *layout = layout_of(pdf, words, foot_style, page_width - 2 * margin);
    draw_at(pdf, layout, margin, page_height - foot, NULL);
    g_object_unref(layout);
}

static void begin_page(struct pdf *pdf)
{
    pdf->pages++;
    pdf->y = margin;
    if (pdf->pages > PDF_PAGES_MOST) pdf->too_long = true;
}

static void end_page(struct pdf *pdf)
{
    draw_foot(pdf);
    cairo_show_page(pdf->cairo);
}

static double left_on_page(const struct pdf *pdf) { return page_height - margin - pdf->y; }

static void make_room(struct pdf *pdf, double height)
{
    if (height <= left_on_page(pdf) || pdf->y == margin) return;
    end_page(pdf);
    begin_page(pdf);
}

static void put_text(struct pdf *pdf, const char *text, struct style style, const char *tag, double before,
                     double room_after)
{
    if (is_over(pdf)) return;
    PangoLayout *layout = layout_of(pdf, text, style, page_width - 2 * margin);
    const double height = height_of(layout);
    make_room(pdf, before + height + room_after);
    if (pdf->y > margin) pdf->y += before;
    draw_at(pdf, layout, margin, pdf->y, tag);
    pdf->y += height + line_gap;
    g_object_unref(layout);
}

void pdf_title(struct pdf *pdf, const char *text) { put_text(pdf, text, title_style, "H1", 0, 0); }

/* A heading does not stand alone at the foot of a page. */
void pdf_heading(struct pdf *pdf, const char *text) { put_text(pdf, text, heading_style, "H2", 16, 60); }

void pdf_paragraph(struct pdf *pdf, const char *text) { put_text(pdf, text, text_style, "P", 4, 0); }

/* ---- tables ---- */

struct table {
    const struct pdf_column *columns;
    size_t count;
    double widths[PDF_COLUMNS_MOST];
};

static void set_widths(struct table *table)
{
    int shares = 0;
    for (size_t i = 0; i < table->count; i++) shares += table->columns[i].share;
    for (size_t i = 0; i < table->count; i++)
        table->widths[i] = (page_width - 2 * margin) * table->columns[i].share / (shares ? shares : 1);
}

static void draw_rule(struct pdf *pdf, double width)
{
    cairo_set_line_width(pdf->cairo, width);
    cairo_move_to(pdf->cairo, margin, pdf->y);
    cairo_line_to(pdf->cairo, page_width - margin, pdf->y);
    cairo_stroke(pdf->cairo);
}

/* One row; tag: of its cells, NULL: a head that stands again is no part of the table for who hears it. */
static double lay_row(struct pdf *pdf, const struct table *table, const char *const *cells, struct style style,
                      PangoLayout **layouts)
{
    double height = 0;
    for (size_t i = 0; i < table->count; i++) {
        layouts[i] = layout_of(pdf, cells[i], style, table->widths[i] - 2 * cell_padding);
        if (table->columns[i].is_number) pango_layout_set_alignment(layouts[i], PANGO_ALIGN_RIGHT);
        const double own = height_of(layouts[i]);
        if (own > height) height = own;
    }
    return height + 2 * cell_padding;
}

static void draw_row(struct pdf *pdf, const struct table *table, PangoLayout **layouts, double height, const char *tag)
{
    double x = margin;
    if (tag) cairo_tag_begin(pdf->cairo, "TR", NULL);
    for (size_t i = 0; i < table->count; i++) {
        draw_at(pdf, layouts[i], x + cell_padding, pdf->y + cell_padding, tag);
        g_object_unref(layouts[i]);
        x += table->widths[i];
    }
    if (tag) cairo_tag_end(pdf->cairo, "TR");
    pdf->y += height;
}

static void put_head(struct pdf *pdf, const struct table *table, bool again)
{
    const char *labels[PDF_COLUMNS_MOST];
    PangoLayout *layouts[PDF_COLUMNS_MOST];
    for (size_t i = 0; i < table->count; i++) labels[i] = table->columns[i].label;
    const double height = lay_row(pdf, table, labels, head_style, layouts);
    draw_row(pdf, table, layouts, height, again ? NULL : "TH");
    draw_rule(pdf, 1);
}

static void put_row(struct pdf *pdf, const struct table *table, const char *const *cells)
{
    PangoLayout *layouts[PDF_COLUMNS_MOST];
    const double height = lay_row(pdf, table, cells, small_style, layouts);
    if (height > left_on_page(pdf)) {
        end_page(pdf);
        begin_page(pdf);
        put_head(pdf, table, true);
    }
    draw_row(pdf, table, layouts, height, "TD");
    draw_rule(pdf, 0.3);
}

void pdf_table(struct pdf *pdf, const struct pdf_column *columns, size_t count, const char *const *cells, size_t rows)
{
    struct table table = {.columns = columns, .count = count < PDF_COLUMNS_MOST ? count : PDF_COLUMNS_MOST};
    if (is_over(pdf) || !count) return;
    set_widths(&table);
    make_room(pdf, 60);
    pdf->y += line_gap;
    cairo_tag_begin(pdf->cairo, "Table", NULL);
    put_head(pdf, &table, false);
    for (size_t i = 0; i < rows && !is_over(pdf); i++) put_row(pdf, &table, cells + i * count);
    cairo_tag_end(pdf->cairo, "Table");
    pdf->y += line_gap;
}

void pdf_blanks(struct pdf *pdf, const char *const *labels, size_t count)
{
    static const double blank = 44;
    if (is_over(pdf)) return;
    make_room(pdf, (double)(count + 1) * blank);
    pdf->y += blank / 2;
    for (size_t i = 0; i < count; i++) {
        put_text(pdf, labels[i], text_style, "P", 0, 0);
        pdf->y += blank / 2;
        draw_rule(pdf, 0.5);
        pdf->y += line_gap;
    }
}

/* ---- the file ---- */

static void set_about(struct pdf *pdf)
{
    char moment[40];
    time_format(pdf->about.moment, moment);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, pdf->about.title ? pdf->about.title : "");
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_AUTHOR, pdf->about.author ? pdf->about.author : "");
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_MOD_DATE, moment);
}

static enum status refuse(cairo_status_t why, struct error *error)
{
    return error_set(error, STATUS_FAULT, N_("The document could not be drawn: {1}."), cairo_status_to_string(why));
}

enum status pdf_open(struct arena *arena, const struct pdf_about *about, struct pdf **pdf, struct error *error)
{
    struct pdf *made = ARENA_NEW(arena, struct pdf);
    *made = (struct pdf){.arena = arena, .about = *about};
    made->out = buffer_new(arena, PDF_BYTES_MOST);
    arena_defer(arena, release, made);
    made->surface = cairo_pdf_surface_create_for_stream(take_bytes, made->out, page_width, page_height);
    made->cairo = cairo_create(made->surface);
    made->fonts = pango_cairo_font_map_new();
    made->context = pango_font_map_create_context(made->fonts);
    set_about(made);
    cairo_tag_begin(made->cairo, "Document", NULL);
    begin_page(made);
    *pdf = made;
    const cairo_status_t status = cairo_status(made->cairo);
    return status ? refuse(status, error) : STATUS_OK;
}

enum status pdf_close(struct pdf *pdf, const char **bytes, size_t *length, struct error *error)
{
    if (!is_over(pdf)) draw_foot(pdf);
    cairo_tag_end(pdf->cairo, "Document");
    cairo_show_page(pdf->cairo);
    cairo_surface_finish(pdf->surface);
    const cairo_status_t drawn = cairo_status(pdf->cairo), kept = cairo_surface_status(pdf->surface);
    if (pdf->too_long || buffer_overflowed(pdf->out))
        return error_set(error, STATUS_LIMIT, N_("The document would be too long."));
    if (drawn || kept) return refuse(drawn ? drawn : kept, error);
    *bytes = buffer_data(pdf->out);
    *length = buffer_length(pdf->out);
    return STATUS_OK;
}
