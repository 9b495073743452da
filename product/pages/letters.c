/* letters.c: how often one wants the letter of what is new; its end from the letter itself, without signing in. */
#include <stdlib.h>

#include "base/arena.h"
#include "platform/html/widget.h"
#include "product/digest/digest.h"
#include "product/pages/pages_private.h"

static const struct {
    const char *value, *label;
    int64_t period;
} choices[] = {
    {"7", N_("Once a week at most"), DIGEST_WEEK},
    {"1", N_("Once a day at most"), DIGEST_DAY},
    {"0", N_("Never"), DIGEST_NEVER},
};
enum { CHOICES = sizeof choices / sizeof *choices };

const char *letters_words(const struct http_request *request, int64_t period)
{
    for (size_t i = 0; i < CHOICES; i++)
        if (choices[i].period == period) return say(request, choices[i].label);
    return NULL;
}

void draw_letters_form(struct html *html, const struct http_request *request, int64_t period, const char *word)
{
    struct widget_choice shown[CHOICES];
    for (size_t i = 0; i < CHOICES; i++)
        shown[i] = (struct widget_choice){
            .value = choices[i].value, .label = say(request, choices[i].label), .chosen = choices[i].period == period};
    const struct widget fields[] = {
        {.type = WIDGET_RADIOS,
         .name = "period",
         .label = say(request, N_("How often")),
         .required = true,
         .help = say(request, N_("It leaves only when there is something to tell, and tells each thing once.")),
         .choices = shown,
         .choice_count = CHOICES},
        {.type = WIDGET_HIDDEN, .name = "key", .value = word ? word : ""}};
    const struct form_group group = {
        .title = say(request, N_("Letter of what waits for you and what is new")), .fields = fields, .field_count = 2};
    const struct form form = {.action = http_url(request, "/letters"),
                              .submit = say(request, N_("Keep this")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

/* Whose letters: those of who is signed in, or of whom the letter was sent to. */
static enum status whose(const struct http_request *request, const char *word, int64_t *account, struct error *error)
{
    *account = request->viewer->account;
    return word && *word ? digest_account_of(request->arena, word, account, error)
           : *account    ? STATUS_OK
                         : error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

static enum status draw_letters(const struct http_request *request, struct http_response *response, const char *word,
                                const char *done, struct error *error)
{
    struct digest_wish wish = {.period = 0};
    int64_t account = 0;
    enum status status = whose(request, word, &account, error);
    if (!status) status = digest_wish_load(request->read, account, &wish, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Letter of what is new"))};
    const struct part_notice notice = {.tone = "good", .text = done};
    template_part_head(&html, &head);
    if (done)
        template_part_notice(&html, &notice);
    else
        draw_letters_form(&html, request, wish.period, word);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_letters(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw_letters(request, response, http_value(&request->query, "key"), NULL, error);
}

enum status post_letters(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *word = http_value(&request->form, "key");
    int64_t account = 0;
    enum status status = whose(request, word, &account, error);
    if (!status)
        status =
            digest_wish_keep(request->db, account, http_integer(&request->form, "period", 0, INT32_MAX, -1), error);
    if (status) return status;
    if (!word || !*word)
        return http_redirect(request, response, http_url(request, "/account"), say(request, N_("It is done.")));
    return draw_letters(request, response, word, say(request, N_("It is done.")), error);
}

/* What the reader of a letter that knows RFC 8058 sends: one call, no page, no cookie. */
enum status post_letters_stop(const struct http_request *request, struct http_response *response, struct error *error)
{
    int64_t account = 0;
    enum status status = digest_account_of(request->arena, http_value(&request->query, "key"), &account, error);
    if (!status) status = digest_wish_keep(request->db, account, DIGEST_NEVER, error);
    if (!status) response->status = 204;
    return status;
}

/* Others open the same address as a page. */
enum status show_letters_stop(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *word = http_value(&request->query, "key");
    (void)error;
    response->status = 302;
    response->location = arena_print(request->arena, "/%s/letters?key=%s", language_code(request->language),
                                     http_encode(request->arena, word ? word : ""));
    return STATUS_OK;
}
