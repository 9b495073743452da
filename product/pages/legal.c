/* legal.c: what the law asks a site to say: who answers for it, what it keeps about people, how accessible it is. */
#include <string.h>

#include "base/arena.h"
#include "product/pages/pages_private.h"
#include "product/pages/rgaa.h"

/* Set once at start, then only read. */
static struct legal_words words;

void legal_set(const struct legal_words *said) { words = *said; }

/* ---- who answers for the site ---- */

static struct part_answer said(const struct http_request *request, const char *label, const char *text,
                               const char *setting)
{
    const char *missing = language_print(request->arena, request->language,
                                         N_("not said yet: the administrator writes it in the settings ({1})"), setting,
                                         (const char *)NULL);
    return (struct part_answer){.label = say(request, label), .text = text ? text : missing};
}

enum status page_legal(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const after[] = {N_("This site runs Maillage, a free program under the European Union Public "
                                           "Licence 1.2. What it publishes may be used again "
                                           "under the licence that its open data name."),
                                        N_("What organisations file is theirs, and said by them. If something here is "
                                           "unlawful, tell who answers for the site."),
                                        NULL};
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Legal notice"))};
    const struct part_answer answers[] = {
        said(request, N_("Who answers for the content of this site"), words.contact, "contact"),
        said(request, N_("Director of publication"), words.director, "director"),
        said(request, N_("Who hosts it: name, address, telephone"), words.host, "host"),
        said(request, N_("Data protection officer, or who answers about personal data"), words.protection,
             "protection")};
    const struct part_answers part = {.answers = answers, .answer_count = sizeof answers / sizeof *answers};
    const struct part_link links[] = {
        {.label = say(request, N_("Personal data")), .url = http_url(request, "/privacy")},
        {.label = say(request, N_("Open data")), .url = http_url(request, "/open-data")},
        {.label = say(request, N_("Sources and methods")), .url = http_url(request, "/sources")}};
    const struct part_notice notice = {.tone = "info", .links = links, .link_count = 3};
    (void)error;
    template_part_head(&html, &head);
    template_part_answers(&html, &part);
    draw_paragraphs(&html, request, after);
    template_part_notice(&html, &notice);
    return page_end(request, response, &html, head.title, NULL, true);
}

/* ---- personal data ---- */

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

/* ---- accessibility ---- */

static const char *state_word(const struct http_request *request, enum rgaa_state state)
{
    static const char *const names[RGAA_STATES] = {N_("checked by a program only"), N_("not looked at yet"),
                                                   N_("nothing of the kind here")};
    return say(request, names[state]);
}

static void draw_theme(struct html *html, const struct http_request *request, size_t number)
{
    const struct rgaa_theme *theme = &rgaa_themes[number];
    const struct part_column columns[] = {{.label = say(request, N_("Criterion"))},
                                          {.label = say(request, N_("What is asked"))},
                                          {.label = say(request, N_("Where it stands"))}};
    struct part_row *rows = ARENA_ARRAY(request->arena, theme->count, struct part_row);
    for (size_t i = 0; i < theme->count; i++) {
        struct part_cell *cells = ARENA_ARRAY(request->arena, 3, struct part_cell);
        cells[0] = (struct part_cell){.text = arena_print(request->arena, "%zu.%zu", number + 1, i + 1)};
        cells[1] = (struct part_cell){.text = say(request, theme->criteria[i].text)};
        cells[2] = (struct part_cell){.text = state_word(request, theme->criteria[i].state)};
        rows[i] = (struct part_row){cells, 3};
    }
    const struct part_table table = {.caption = say(request, theme->title),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = 3,
                                     .rows = rows,
                                     .row_count = theme->count};
    const struct part_section section = {.title = arena_print(request->arena, "%zu. %s", number + 1, table.caption),
                                         .body = HTML_DRAWN(html, template_part_table, &table)};
    template_part_section(html, &section);
}

static void draw_counts(struct html *html, const struct http_request *request)
{
    size_t counts[RGAA_STATES] = {0};
    struct part_figure figures[RGAA_STATES];
    for (size_t i = 0; i < RGAA_THEMES; i++)
        for (size_t j = 0; j < rgaa_themes[i].count; j++) counts[rgaa_themes[i].criteria[j].state]++;
    for (size_t i = 0; i < RGAA_STATES; i++)
        figures[i] =
            (struct part_figure){.figure = language_number(request->arena, request->language, (int64_t)counts[i], 0),
                                 .label = state_word(request, (enum rgaa_state)i)};
    const struct part_figures part = {.figures = figures, .figure_count = RGAA_STATES};
    template_part_figures(html, &part);
}

enum status page_accessibility(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const before[] = {N_("This site is **not compliant** with the RGAA 4.1: no audit has been made, "
                                            "and without one compliance is not claimed. That programs find no "
                                            "fault is not compliance."),
                                         N_("What is done all the same: each page is checked by a program (axe) in "
                                            "both languages, light and dark, from 320 to 1,280 pixels; forms, menus, "
                                            "maps and charts are made once, for all pages; everything works without "
                                            "script; each map and chart has its table."),
                                         N_("Made with HTML, CSS, SVG and JavaScript. The declaration was made on 26 "
                                            "November 2026, by those who write the program."),
                                         NULL};
    static const char *const after[] = {
        N_("If something keeps you out, tell who answers for this site, named in the legal notice: you will be "
           "answered, and helped in another way."),
        N_("If you get no answer, you may turn to the [Défenseur des droits](https://www.defenseurdesdroits.fr/), by "
           "its form, its "
           "delegates, or by post without stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07."),
        NULL};
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Accessibility: not compliant"))};
    const struct part_link link = {.label = say(request, N_("Legal notice")), .url = http_url(request, "/legal")};
    const struct part_notice notice = {.tone = "info", .links = &link, .link_count = 1};
    (void)error;
    template_part_head(&html, &head);
    draw_paragraphs(&html, request, before);
    draw_paragraphs(&html, request, after);
    template_part_notice(&html, &notice);
    draw_counts(&html, request);
    for (size_t i = 0; i < RGAA_THEMES; i++) draw_theme(&html, request, i);
    return page_end(request, response, &html, head.title, NULL, true);
}
