/* second_step.c: two-step sign-in of one's own account: pairing a telephone, recovery codes, turning it off. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/html/qr.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

enum { LETTERS_A_GROUP = 4, SECRET_MOST = 256 };

static const char path[] = "/account/second-step";

/* The page, and what came of its form. */
struct second_step {
    struct account account;
    struct account_factor factor;
    const struct account_recovery *codes; /* just made; NULL: none */
    const struct error *fault;
};

const char *second_step_words(const struct http_request *request, const struct account_factor *factor)
{
    if (!factor->since) return say(request, N_("Off: the password alone lets you in."));
    return language_print(request->arena, request->language, N_("On since {1}; {2} recovery codes left."),
                          language_day(request->arena, request->language, time_day(factor->since)),
                          arena_print(request->arena, "%lld", (long long)factor->recovery), (const char *)NULL);
}

static enum status load_page(const struct http_request *request, struct second_step *page, struct error *error)
{
    const enum status status = account_load(request->read, request->arena, own_id(request), &page->account, error);
    return status ? status : account_factor_load(request->read, request->arena, own_id(request), &page->factor, error);
}

static const char *in_groups(struct arena *arena, const char *secret)
{
    struct buffer *text = buffer_new(arena, SECRET_MOST);
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % LETTERS_A_GROUP == 0) buffer_char(text, ' ');
        buffer_char(text, secret[i]);
    }
    return buffer_data(text);
}

static void draw_pairing(struct html *html, const struct http_request *request, const struct second_step *page)
{
    const char *address =
        account_factor_address(request->arena, page_site_name(), page->account.email, page->factor.secret);
    const struct second_step_view view = {
        .square = qr_draw(request->arena, address, say(request, N_("QR code that holds the key below"))),
        .secret = in_groups(request->arena, page->factor.secret)};
    template_second_step_secret(html, &view);
}

/* Password, when there is one, and code: for turning it on, and for what follows. */
static void draw_form(struct html *html, const struct http_request *request, const struct second_step *page,
                      const char *act, const char *title, const char *submit, const char *second)
{
    const struct widget fields[] = {
        {.type = WIDGET_TEXT,
         .name = "code",
         .label = say(request, N_("Code shown by your telephone")),
         .required = true,
         .narrow = true,
         .autocomplete = "one-time-code"},
        {.type = WIDGET_HIDDEN, .name = "act", .value = act},
        {.type = WIDGET_PASSWORD,
         .name = "password",
         .label = say(request, N_("Present password")),
         .required = true,
         .autocomplete = "current-password"},
    };
    const struct form_group group = {
        .title = title, .fields = fields, .field_count = page->account.has_password ? 3 : 2};
    const struct form form = {
        .action = http_url(request, path), .submit = submit, .second = second, .groups = &group, .group_count = 1};
    template_form(html, &form);
}

static void draw_first_code(struct html *html, const struct http_request *request, const struct second_step *page)
{
    draw_pairing(html, request, page);
    draw_form(html, request, page, "confirm", say(request, N_("Type a first code")), say(request, N_("Turn it on")),
              NULL);
}

static void draw_beginning(struct html *html, const struct http_request *request)
{
    const struct account_button button = {
        .title = say(request, N_("Set it up")),
        .text = say(request,
                    N_("You need a telephone with an application for one-time codes; any of them will do. It takes "
                       "two minutes, and nothing changes until you have typed a first code.")),
        .label = say(request, N_("Begin")),
        .act = "begin",
        .action = http_url(request, path)};
    template_account_button(html, &button);
}

static void draw_codes(struct html *html, const struct account_recovery *codes)
{
    struct second_step_code lines[ACCOUNT_RECOVERY_CODES];
    if (!codes) return;
    for (size_t i = 0; i < ACCOUNT_RECOVERY_CODES; i++) lines[i].text = codes->items[i];
    const struct second_step_codes view = {lines, ACCOUNT_RECOVERY_CODES};
    template_second_step_codes(html, &view);
}

static enum status draw_page(const struct http_request *request, struct http_response *response,
                             const struct second_step *page)
{
    struct html html = page_begin(request);
    const struct part_tag on = {say(request, N_("on")), "good"}, off = {say(request, N_("off")), "neutral"};
    const struct part_head head = {
        .over = say(request, N_("My account")),
        .title = say(request, N_("Two-step sign-in")),
        .summary = page->factor.since
                       ? second_step_words(request, &page->factor)
                       : say(request, N_("After the password, a code that your telephone shows: a stolen "
                                         "password is then not enough.")),
        .tag = page->factor.since ? &on : &off};
    draw_faults(&html, request, page->fault);
    template_part_head(&html, &head);
    draw_codes(&html, page->codes);
    if (page->factor.since)
        draw_form(&html, request, page, "change", say(request, N_("Change it")),
                  say(request, N_("Make other recovery codes")), say(request, N_("Turn off two-step sign-in")));
    else if (page->factor.secret)
        draw_first_code(&html, request, page);
    else
        draw_beginning(&html, request);
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status page_second_step(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct second_step page = {.codes = NULL};
    const enum status status = load_page(request, &page, error);
    return status ? status : draw_page(request, response, &page);
}

static enum status run_act(const struct http_request *request, struct second_step *page, struct error *error)
{
    const struct account_asked asked = {
        .password = form_text(request, "password"), .code = form_text(request, "code"), .session = request->session};
    if (acts(request, "begin")) return account_factor_begin(request->db, own_id(request), error);
    if (acts(request, "confirm"))
        return account_factor_confirm(request->db, request->arena, own_id(request), &asked, &page->codes, error);
    if (acts(request, "change") && strcmp(form_text(request, "second"), "1") == 0)
        return account_factor_leave(request->db, own_id(request), &asked, error);
    if (acts(request, "change"))
        return account_factor_renew(request->db, request->arena, own_id(request), &asked, &page->codes, error);
    return error_set(error, STATUS_INPUT, N_("This form is not known here: load the page again."));
}

enum status post_second_step(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct second_step page = {.codes = NULL};
    struct error fault = {0};
    const enum status status = run_act(request, &page, &fault);
    if (status == STATUS_BUSY || status == STATUS_FAULT) {
        *error = fault;
        return status;
    }
    if (!status && !page.codes)
        return http_redirect(request, response, http_url(request, path),
                             acts(request, "begin") ? NULL : say(request, N_("It is done.")));
    page.fault = &fault;
    const enum status reread = load_page(request, &page, error);
    const enum status drawn = reread ? reread : draw_page(request, response, &page);
    if (status) response->status = form_status(status);
    return drawn;
}
