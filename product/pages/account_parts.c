/* account_parts.c: what the pages of accounts share: lists of sessions, tokens and events, and what forms say. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

const char *role_label(const struct http_request *request, const char *role)
{
    for (const struct right_name *name = product_rights.names; name->bit; name++)
        if (strcmp(name->name, role) == 0) return say(request, name->label);
    return role;
}

const char *role_days(const struct http_request *request, const struct account_role *role)
{
    struct arena *arena = request->arena;
    const char *from = language_day(arena, request->language, role->from);
    if (role->until == ACCOUNT_NO_END)
        return language_print(arena, request->language, role->from > time_today() ? N_("from {1} on") : N_("since {1}"),
                              from, (const char *)NULL);
    return language_print(arena, request->language, N_("from {1} to {2}"), from,
                          language_day(arena, request->language, role->until), (const char *)NULL);
}

/* "Member, Cluster officer". */
static const char *scope_names(const struct http_request *request, rights scopes)
{
    const char *text = NULL;
    for (const struct right_name *name = product_rights.names; name->bit; name++) {
        if (!(name->bit & scopes)) continue;
        const char *label = say(request, name->label);
        text = text ? arena_print(request->arena, "%s, %s", text, label) : label;
    }
    return text ? text : say(request, N_("no role"));
}

const char *token_note(const struct http_request *request, const struct account_api_token *token)
{
    struct arena *arena = request->arena;
    const enum language language = request->language;
    const char *what = token->may_write ? say(request, N_("reads and writes")) : say(request, N_("reads only"));
    const char *as = token->scopes == ACCOUNT_ALL_SCOPES ? say(request, N_("with all the roles of the account"))
                                                         : scope_names(request, token->scopes);
    const char *until = language_day(arena, language, time_day(token->expires));
    const char *used = token->last_used
                           ? language_print(arena, language, N_("last used {1}"),
                                            language_moment(arena, language, token->last_used), (const char *)NULL)
                           : say(request, N_("never used"));
    return language_print(arena, language, N_("{1} · {2} · until {3} · {4}"), what, as, until, used,
                          (const char *)NULL);
}

void draw_faults(struct html *html, const struct http_request *request, const struct error *fault)
{
    if (!fault || !fault->status) return;
    const struct part_error line = {*fault->field ? fault->field : NULL,
                                    language_error(request->arena, request->language, fault)};
    const struct part_errors errors = {&line, 1};
    template_part_errors(html, &errors);
}

/* Whether the page is that of one's own account. */
static bool is_own(const struct http_request *request, const char *action)
{
    return strcmp(action, http_url(request, "/account")) == 0;
}

void draw_sessions(struct html *html, const struct http_request *request, const struct account_session_list *list,
                   const char *action)
{
    const bool own = is_own(request, action);
    struct account_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct account_row);
    for (size_t i = 0; i < list->count; i++) {
        const struct account_session *session = &list->items[i];
        const char *seen = language_moment(request->arena, request->language, session->last_seen);
        rows[i] = (struct account_row){.id = session->id,
                                       .name = session->device,
                                       .act = "session",
                                       .note = arena_print(request->arena, "%s · %s", session->address, seen),
                                       .mark = session->current ? say(request, N_("this one")) : NULL};
    }
    const struct account_rows view = {.title = own ? say(request, N_("Where you are signed in"))
                                                   : say(request, N_("Where this person is signed in")),
                                      .button = say(request, N_("Sign out there")),
                                      .empty = say(request, N_("Nowhere at present.")),
                                      .action = action,
                                      .rows = rows,
                                      .row_count = list->count};
    template_account_rows(html, &view);
}

void draw_tokens(struct html *html, const struct http_request *request, const struct account_api_token_list *list,
                 const char *action)
{
    const bool own = is_own(request, action);
    struct account_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct account_row);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct account_api_token *token = &list->items[i];
        if (token->revoked || token->expires < time_now()) continue;
        rows[count++] = (struct account_row){
            .id = token->id, .name = token->name, .act = "token", .note = token_note(request, token)};
    }
    const struct account_rows view = {
        .title =
            own ? say(request, N_("Programs that act for you")) : say(request, N_("Programs that act for this person")),
        .button = say(request, N_("Revoke")),
        .empty = own ? say(request, N_("None. A token lets a spreadsheet or another program use the API in your name."))
                     : say(request, N_("None.")),
        .action = action,
        .rows = rows,
        .row_count = count};
    template_account_rows(html, &view);
}

/* Of the browser's own Origin header, which the router has checked; behind it the Host. */
static const char *own_origin(const struct http_request *request)
{
    const char *origin = request->header ? request->header(request, "Origin") : NULL;
    const char *host = request->header ? request->header(request, "Host") : NULL;
    return origin ? origin : arena_print(request->arena, "https://%s", host ? host : "");
}

/* By a letter, or by a link to hand over; for a password, or for a role. */
struct way_in {
    const char *sent, *title, *advice;
};

static struct way_in way_in(const struct invitation *invitation)
{
    if (strcmp(invitation->page, "/welcome") == 0)
        return (struct way_in){
            N_("A letter left to {1}: its link lets the person choose a password, within 72 hours."),
            N_("Hand this link to the person: it will not be shown again."),
            N_("It lets them choose a password, once, within 72 hours. Give it to nobody else: who has "
               "the link can sign in as this person.")};
    return (struct way_in){N_("A letter left to {1}: the role is theirs once they have accepted, within 14 days."),
                           N_("Hand this link to the person: it will not be shown again."),
                           N_("It lets them accept the role, once, within 14 days. Give it to nobody else.")};
}

const char *sent_words(const struct http_request *request, const struct invitation *invitation)
{
    return language_print(request->arena, request->language, way_in(invitation).sent, invitation->sent,
                          (const char *)NULL);
}

static void draw_link(struct html *html, const struct http_request *request, const struct invitation *invitation)
{
    const struct way_in way = way_in(invitation);
    const struct part_notice notice = {.tone = "good",
                                       .title = say(request, way.title),
                                       .text = arena_print(request->arena, "%s%s?key=%s", own_origin(request),
                                                           http_url(request, invitation->page),
                                                           http_encode(request->arena, invitation->word))};
    const struct part_notice advice = {.tone = "info", .text = say(request, way.advice)};
    template_part_notice(html, &notice);
    template_part_notice(html, &advice);
}

void draw_invitation(struct html *html, const struct http_request *request, const struct invitation *invitation)
{
    if (invitation->word) draw_link(html, request, invitation);
    if (!invitation->sent) return;
    const struct part_notice notice = {.tone = "good", .text = sent_words(request, invitation)};
    template_part_notice(html, &notice);
}

static const char *action_words(const struct http_request *request, const char *action)
{
    static const struct {
        const char *action, *words;
    } known[] = {
        {"created", N_("account made")},
        {"renamed", N_("name or language changed")},
        {"disabled", N_("account disabled")},
        {"enabled", N_("account enabled")},
        {"password", N_("password set")},
        {"link", N_("link to choose a password made")},
        {"role_given", N_("role given")},
        {"role_ended", N_("role ended")},
        {"invited", N_("person invited")},
        {"uninvited", N_("invitation withdrawn or declined")},
        {"session_ended", N_("signed out in one place")},
        {"signed_out", N_("signed out everywhere")},
        {"token_made", N_("token made")},
        {"token_revoked", N_("token revoked")},
        {"factor_set", N_("two-step sign-in turned on")},
        {"factor_ended", N_("two-step sign-in turned off")},
        {"factor_codes", N_("recovery codes made again")},
        {"recovery_used", N_("recovery code used")},
        {"erased", N_("account erased")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].action, action) == 0) return say(request, known[i].words);
    return action;
}

/* "role given: Member, Atelier du Nord" */
enum status account_event_words(const struct http_request *request, const struct account_event *event,
                                const char **words, struct error *error)
{
    const char *place = "", *detail = event->detail;
    const enum status status =
        account_organisation_name(request->read, request->arena, event->organisation, &place, error);
    if (detail && (strncmp(event->action, "role_", 5) == 0 || strstr(event->action, "invited")))
        detail = role_label(request, detail);
    *words = action_words(request, event->action);
    if (detail) *words = arena_print(request->arena, "%s – %s", *words, detail);
    if (*place) *words = arena_print(request->arena, "%s, %s", *words, place);
    return status;
}

static const char *person(const struct http_request *request, int64_t account, const char *name)
{
    if (!account) return say(request, N_("command line"));
    return name ? name : say(request, N_("an account that is gone"));
}

enum { EVENT_CELLS = 4 };

static enum status event_row(const struct http_request *request, const struct account_event *event,
                             struct part_row *row, struct error *error)
{
    struct part_cell *cells = ARENA_ARRAY(request->arena, EVENT_CELLS, struct part_cell);
    cells[0].text = language_moment(request->arena, request->language, event->moment);
    cells[1].text = person(request, event->author, event->author_name);
    cells[3].text = person(request, event->account, event->account_name);
    if (event->account_name)
        cells[3].url =
            http_url(request, arena_print(request->arena, "/admin/accounts/%lld", (long long)event->account));
    *row = (struct part_row){cells, EVENT_CELLS};
    return account_event_words(request, event, &cells[2].text, error);
}

enum status draw_events(struct html *html, const struct http_request *request, const struct account_event_list *list,
                        bool of_one, struct error *error)
{
    const struct part_column columns[] = {{.label = say(request, N_("When"))},
                                          {.label = say(request, N_("Who"))},
                                          {.label = say(request, N_("What was done"))},
                                          {.label = say(request, N_("To which account"))}};
    struct part_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct part_row);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < list->count; i++) {
        status = event_row(request, &list->items[i], &rows[i], error);
        if (of_one) rows[i].cell_count = EVENT_CELLS - 1;
    }
    const struct part_table table = {.caption = say(request, N_("What was done, newest first")),
                                     .caption_unseen = true,
                                     .columns = columns,
                                     .column_count = of_one ? EVENT_CELLS - 1 : EVENT_CELLS,
                                     .rows = rows,
                                     .row_count = list->count};
    if (status || !list->count) return status;
    const struct part_section section = {.title = table.caption, .body = HTML_DRAWN(html, template_part_table, &table)};
    template_part_section(html, &section);
    return STATUS_OK;
}

int form_status(enum status status)
{
    return status == STATUS_INPUT ? 422 : status == STATUS_LIMIT ? 429 : http_status_of(status);
}

bool acts(const struct http_request *request, const char *act) { return strcmp(form_text(request, "act"), act) == 0; }

const char *form_text(const struct http_request *request, const char *name)
{
    const char *value = http_value(&request->form, name);
    return value ? value : "";
}

enum status form_day(const struct http_request *request, const char *name, int64_t fallback, int64_t *day,
                     struct error *error)
{
    const char *text = form_text(request, name);
    *day = fallback;
    if (!*text || day_parse(text, day)) return STATUS_OK;
    return error_field(error, STATUS_INPUT, name, N_("{1} is not a day: write it as 22/11/2026."), text);
}

int64_t own_id(const struct http_request *request) { return request->viewer->account; }
