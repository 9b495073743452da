/* template.h: what the generated code of templates calls. Only for that code: html_literal and html_markup put text as it is, and
 * only tools/compile-templates, which has checked the template, and this room write calls of html_literal. */
#ifndef PLATFORM_HTML_TEMPLATE_H
#define PLATFORM_HTML_TEMPLATE_H

#include <inttypes.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/assets.h"
#include "platform/html/html.h"

static inline void html_literal(struct html *html, const char *text, size_t length)
{
    buffer_add(html->out, text, length);
}

static inline void html_yes_or_no(struct html *html, bool value) { html_text(html, value ? "true" : "false"); }
static inline void html_natural(struct html *html, uint64_t value) { html_number(html, (int64_t)value); }

/* Text, a number or true/false in an attribute, by the member's type; another type does not compile. */
#define html_show_attribute(html, value) \
    _Generic((value), const char *: html_text, char *: html_text, bool: html_yes_or_no, int32_t: html_number,              \
        int64_t: html_number, uint32_t: html_natural, uint64_t: html_natural)(html, value)

/* The same in a page, where markup that this room has made may stand as well. */
#define html_show(html, value) \
    _Generic((value), const char *: html_text, char *: html_text, bool: html_yes_or_no, int32_t: html_number,              \
        int64_t: html_number, uint32_t: html_natural, uint64_t: html_natural, struct markup: html_markup)(html, value)

static inline bool html_text_is(const char *text) { return text && *text; }
static inline bool html_number_is(int64_t value) { return value != 0; }
static inline bool html_natural_is(uint64_t value) { return value != 0; }
static inline bool html_markup_is(struct markup markup) { return markup.length != 0; }
static inline bool html_pointer_is(const void *pointer) { return pointer != NULL; }

/* {{#if}}: a text that is there and not empty, a number other than 0, markup that is not empty, a pointer that is not NULL. */
#define html_truth(value) \
    _Generic((value), const char *: html_text_is, char *: html_text_is, bool: html_number_is, int32_t: html_number_is,     \
        int64_t: html_number_is, uint32_t: html_natural_is, uint64_t: html_natural_is, struct markup: html_markup_is,      \
        default: html_pointer_is)(value)

static inline const char *html_argument_text(struct html *html, const char *text)
{
    (void)html;
    return text ? text : "";
}
static inline const char *html_argument_number(struct html *html, int64_t value)
{
    return language_number(html->arena, html->language, value, 0);
}
static inline const char *html_argument_natural(struct html *html, uint64_t value)
{
    return html_argument_number(html, (int64_t)value);
}

/* A member as an argument of a sentence ; never NULL, which would end the list. */
#define html_argument(html, value) \
    _Generic((value), const char *: html_argument_text, char *: html_argument_text, int32_t: html_argument_number,         \
        int64_t: html_argument_number, uint32_t: html_argument_natural, uint64_t: html_argument_natural)(html, value)

static inline const char *html_segment_number(struct html *html, int64_t value)
{
    return arena_print(html->arena, "%" PRId64, value);
}
static inline const char *html_segment_natural(struct html *html, uint64_t value)
{
    return html_segment_number(html, (int64_t)value);
}

/* A member as a segment of a path: text, or plain digits. */
#define html_segment(html, value) \
    _Generic((value), const char *: html_argument_text, char *: html_argument_text, int32_t: html_segment_number,          \
        int64_t: html_segment_number, uint32_t: html_segment_natural, uint64_t: html_segment_natural)(html, value)

static inline int64_t html_count_number(int64_t value) { return value; }
static inline int64_t html_count_natural(uint64_t value) { return (int64_t)value; }
#define html_count(value) \
    _Generic((value), int32_t \
             : html_count_number, int64_t \
             : html_count_number, uint32_t \
             : html_count_natural, uint64_t \
             : html_count_natural)(value)

/* The address of a member that is a view, or the member itself when it is already a pointer to one. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type cannot stand in parentheses. */
#define html_pointer(type, value) _Generic((value), type * : (value), const type * : (value), default : &(value))

/* The hidden field that proves that a form came from this site. */
void html_csrf(struct html *html);

#endif
