/* admin_account.c: one account, for the administrator: roles, sessions, tokens, link to a password, and whether it may be used. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "platform/record/web.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/people.h"
#include "product/roles.h"

enum { ROLES_MOST = 8, FOUND_MOST = 10, EVENTS_SHOWN = 20 };

/* The page of an account, and what came of its forms. */
struct one_account {
    struct account account;
    struct account_role_list roles;
    struct account_session_list sessions;
    struct account_api_token_list tokens;
    struct account_event_list events;
    struct account_factor factor;
    const char *action;
    struct invitation invitation; /* that was just made */
    const struct error *fault;    /* NULL: none */
    int64_t confirm;              /* role whose end is to be confirmed; 0: none */
    bool erasing, erased;         /* its erasure is to be confirmed; is done */
};

static enum status load_one(const struct http_request *request, int64_t id, struct one_account *one,
                            struct error *error)
{
    struct db_handle *read = request->read;
    struct arena *arena = request->arena;
    one->action = http_url(request, arena_print(arena, "/admin/accounts/%lld", (long long)id));
    enum status status = account_load(read, arena, id, &one->account, error);
    if (!status) status = account_roles(read, arena, id, &one->roles, error);
    if (!status) status = account_sessions(read, arena, id, request->session, &one->sessions, error);
    if (!status) status = account_api_tokens(read, arena, id, &one->tokens, error);
    if (!status) status = account_events(read, arena, id, 0, EVENTS_SHOWN, &one->events, error);
    if (!status) status = account_factor_load(read, arena, id, &one->factor, error);
    return status;
}

static enum status draw_roles(struct html *html, const struct http_request *request, const struct one_account *one,
                              struct error *error)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, one->roles.count + 1, struct account_row);
    for (size_t i = 0; i < one->roles.count; i++) {
        const struct account_role *role = &one->roles.items[i];
        const char *place = "";
        const enum status status =
            account_organisation_name(request->read, request->arena, role->organisation, &place, error);
        if (status) return status;
        rows[i] = (struct account_row){
            .id = role->id,
            .name = role_label(request, role->role),
            .note =
                arena_print(request->arena, "%s · %s", role->organisation ? place : say(request, N_("The whole site")),
                            role_days(request, role)),
            .act = "end",
            .mark = role->until != ACCOUNT_NO_END && role->until < time_today() ? say(request, N_("ended")) : NULL};
    }
    const struct account_rows view = {.title = say(request, N_("Roles")),
                                      .button = say(request, N_("End this role")),
                                      .empty = say(request, N_("None yet.")),
                                      .action = one->action,
                                      .rows = rows,
                                      .row_count = one->roles.count};
    template_account_rows(html, &view);
    return STATUS_OK;
}

/* What is asked again: the site would be left without an administrator. */
static void draw_confirmation(struct html *html, const struct http_request *request, const struct one_account *one)
{
    const struct account_button button = {
        .title = say(request, N_("This is the last administrator")),
        .text =
            say(request,
                N_("Once this role is ended, nobody can give roles or make accounts from the site; only the command "
                   "« maillage user role » on the server can. Name another administrator first.")),
        .label = say(request, N_("End the role all the same")),
        .act = "end",
        .action = one->action,
        .confirm = "1",
        .id = one->confirm};
    if (one->confirm) template_account_button(html, &button);
    const struct account_button erasure = {
        .title = say(request, N_("This cannot be undone")),
        .text = say(request,
                    N_("Name, address, password, roles, sessions, tokens, letters and lists made for this person "
                       "go, here and, at its restoration, in each backup. What they filed stays; its history then "
                       "says “an account that was erased”. To keep them out for a time, disable the account instead.")),
        .label = say(request, N_("Erase this account for good")),
        .act = "erase",
        .action = one->action,
        .confirm = "1"};
    if (one->erasing) template_account_button(html, &erasure);
}

/* The organisation as it was chosen, or what was found for the words that were typed. */
static struct widget organisation_widget(const struct http_request *request)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = kind_find("organisation");
    struct widget_choice *choices = ARENA_ARRAY(request->arena, FOUND_MOST + 1, struct widget_choice);
    struct record_match found[FOUND_MOST];
    const char *chosen = form_text(request, "organisation"), *query = form_text(request, "organisation.query");
    size_t count = 0;
    if (*chosen)
        choices[count++] = (struct widget_choice){
            .value = chosen, .label = record_name(&context, kind, strtoll(chosen, NULL, 10)), .chosen = true};
    const bool searched = *query && !*chosen;
    const size_t matches = searched ? record_suggest(&context, kind, query, found, FOUND_MOST) : 0;
    for (size_t i = 0; i < matches; i++)
        choices[count++] = (struct widget_choice){.value = arena_print(request->arena, "%lld", (long long)found[i].id),
                                                  .label = found[i].name,
                                                  .hint = found[i].hint};
    return (struct widget){.type = WIDGET_PICKER,
                           .name = "organisation",
                           .label = say(request, N_("Organisation")),
                           .help = say(request, N_("None for an administrator of the site.")),
                           .choices = choices,
                           .choice_count = count,
                           .query = query,
                           .searched = searched,
                           .suggest = "/api/v1/suggest/organisation"};
}

static void draw_role_form(struct html *html, const struct http_request *request, const struct one_account *one)
{
    struct widget_choice roles[ROLES_MOST];
    size_t count = 0;
    for (const struct right_name *name = product_rights.names; name->bit && count < ROLES_MOST; name++)
        roles[count++] = (struct widget_choice){.value = name->name,
                                                .label = say(request, name->label),
                                                .chosen = strcmp(name->name, form_text(request, "role")) == 0};
    const struct widget fields[] = {
        {.type = WIDGET_SELECT,
         .name = "role",
         .label = say(request, N_("Role")),
         .required = true,
         .choices = roles,
         .choice_count = count},
        organisation_widget(request),
        {.type = WIDGET_DATE,
         .name = "from",
         .label = say(request, N_("First day")),
         .value = form_text(request, "from"),
         .help = say(request, N_("Today when left empty."))},
        {.type = WIDGET_DATE,
         .name = "until",
         .label = say(request, N_("Last day")),
         .value = form_text(request, "until"),
         .help = say(request, N_("Leave it empty when no end is known."))},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "give"},
    };
    const struct form_group group = {.title = say(request, N_("Give a role")), .fields = fields, .field_count = 5};
    const struct form form = {
        .action = one->action, .submit = say(request, N_("Give the role")), .groups = &group, .group_count = 1};
    template_form(html, &form);
}

static void draw_button(struct html *html, const struct http_request *request, const struct one_account *one,
                        const char *act)
{
    static const struct {
        const char *act, *title, *text, *label;
    } known[] = {
        {"link", N_("Password"),
         N_("A link lets the person choose a new password; the one that they have works until then."),
         N_("Make a link")},
        {"factor", N_("Two-step sign-in"),
         N_("For a person who lost both telephone and recovery codes, and whom you know to be themself: the password "
            "alone "
            "then lets them in."),
         N_("Turn off two-step sign-in")},
        {"sign_out", N_("Sessions"), N_("Ends all sessions of this person. Programs keep their tokens."),
         N_("Sign out everywhere")},
        {"disable", N_("Bar this account"),
         N_("Signed out everywhere, its tokens refused, until you let it in again. Nothing that it filed is lost."),
         N_("Disable the account")},
        {"enable", N_("Let this account in again"),
         N_("The person may sign in again, with the password that they had."), N_("Enable the account")},
        {"erase", N_("Erase this account"),
         N_("For a person who asks for it, or who has left for long. What goes and what stays is said before."),
         N_("Erase…")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].act, act) != 0) continue;
        const struct account_button button = {.title = say(request, known[i].title),
                                              .text = say(request, known[i].text),
                                              .label = say(request, known[i].label),
                                              .act = act,
                                              .action = one->action};
        template_account_button(html, &button);
    }
}

static struct part_tag state_tag(const struct http_request *request, const struct account *account)
{
    if (account->disabled) return (struct part_tag){say(request, N_("disabled")), "bad"};
    if (!account->has_password) return (struct part_tag){say(request, N_("no password yet")), "waiting"};
    return (struct part_tag){say(request, N_("active")), "good"};
}

static enum status draw_one(const struct http_request *request, struct http_response *response,
                            const struct one_account *one, struct error *error)
{
    struct html html = page_begin(request);
    const struct part_tag tag = state_tag(request, &one->account);
    const struct part_head head = {
        .over = say(request, N_("Account")), .title = one->account.name, .summary = one->account.email, .tag = &tag};
    draw_faults(&html, request, one->fault);
    template_part_head(&html, &head);
    draw_invitation(&html, request, &one->invitation);
    draw_confirmation(&html, request, one);
    enum status status = draw_roles(&html, request, one, error);
    if (status) return status;
    draw_role_form(&html, request, one);
    draw_sessions(&html, request, &one->sessions, one->action);
    if (one->sessions.count) draw_button(&html, request, one, "sign_out");
    draw_tokens(&html, request, &one->tokens, one->action);
    if (!one->account.disabled) draw_button(&html, request, one, "link");
    if (one->factor.since) draw_button(&html, request, one, "factor");
    if (one->account.id != own_id(request))
        draw_button(&html, request, one, one->account.disabled ? "enable" : "disable");
    if (one->account.id != own_id(request) && !one->erasing) draw_button(&html, request, one, "erase");
    status = draw_events(&html, request, &one->events, true, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", true);
}

enum status draw_one_account(const struct http_request *request, struct http_response *response, int64_t id,
                             const struct invitation *invitation, const struct error *fault, struct error *error)
{
    struct one_account one = {.fault = fault};
    if (invitation) one.invitation = *invitation;
    const enum status status = load_one(request, id, &one, error);
    return status ? status : draw_one(request, response, &one, error);
}

enum status page_one_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw_one_account(request, response, strtoll(request->words[0], NULL, 10), NULL, NULL, error);
}

typedef enum status account_act(const struct http_request *request, struct one_account *one, int64_t id,
                                struct error *error);

static enum status give_role(const struct http_request *request, struct one_account *one, int64_t id,
                             struct error *error)
{
    struct account_role role = {.account = one->account.id,
                                .role = form_text(request, "role"),
                                .organisation = http_integer(&request->form, "organisation", 1, INT64_MAX, 0),
                                .author = own_id(request)};
    (void)id;
    if (strcmp(role.role, "administrator") == 0) role.organisation = 0;
    enum status status = form_day(request, "from", time_today(), &role.from, error);
    if (!status) status = form_day(request, "until", ACCOUNT_NO_END, &role.until, error);
    if (!status && role.organisation + (strcmp(role.role, "administrator") == 0) == 0)
        status = error_field(error, STATUS_INPUT, "organisation", N_("Say at which organisation the role is held."));
    if (!status)
        status = people_check_give(request->read, request->arena, request->viewer, role.organisation, role.role, error);
    return status ? status : account_role_give(request->db, &role, NULL, error);
}

static const struct account_role *find_role(const struct one_account *one, int64_t id)
{
    for (size_t i = 0; i < one->roles.count; i++)
        if (one->roles.items[i].id == id) return &one->roles.items[i];
    return NULL;
}

static enum status end_role(const struct http_request *request, struct one_account *one, int64_t id,
                            struct error *error)
{
    const struct account_role *role = find_role(one, id);
    bool last = false;
    if (!role) return error_set(error, STATUS_MISSING, N_("The account does not hold this role."));
    enum status status = people_is_last_administrator(request->read, role, &last, error);
    if (!status && last && strcmp(form_text(request, "confirm"), "1") != 0) {
        one->confirm = id;
        return error_set(error, STATUS_CONFLICT,
                         N_("This is the last administrator of the site: read below, then confirm."));
    }
    return status ? status : account_role_end(request->db, own_id(request), role->account, id, time_today() - 1, error);
}

static enum status end_session(const struct http_request *request, struct one_account *one, int64_t id,
                               struct error *error)
{
    return account_session_end(request->db, own_id(request), one->account.id, id, error);
}

static enum status sign_out(const struct http_request *request, struct one_account *one, int64_t id,
                            struct error *error)
{
    (void)id;
    return account_sessions_end(request->db, own_id(request), one->account.id, request->session, error);
}

static enum status revoke_token(const struct http_request *request, struct one_account *one, int64_t id,
                                struct error *error)
{
    return account_api_token_revoke(request->db, own_id(request), one->account.id, id, error);
}

static enum status make_link(const struct http_request *request, struct one_account *one, int64_t id,
                             struct error *error)
{
    (void)id;
    one->invitation.page = "/welcome";
    return account_link_create(request->db, request->arena, own_id(request), one->account.id, &one->invitation.word,
                               error);
}

static enum status end_factor(const struct http_request *request, struct one_account *one, int64_t id,
                              struct error *error)
{
    (void)id;
    return account_factor_end(request->db, own_id(request), one->account.id, error);
}

static enum status set_disabled(const struct http_request *request, struct one_account *one, int64_t id,
                                struct error *error)
{
    (void)id;
    if (one->account.id == own_id(request))
        return error_set(error, STATUS_DENIED, N_("You cannot bar your own account: another administrator can."));
    return account_disable(request->db, own_id(request), one->account.id, acts(request, "disable"), error);
}

static enum status end_account(const struct http_request *request, struct one_account *one, int64_t id,
                               struct error *error)
{
    (void)id;
    if (one->account.id == own_id(request))
        return error_set(error, STATUS_DENIED, N_("You cannot erase your own account: another administrator can."));
    if (strcmp(form_text(request, "confirm"), "1") != 0) {
        one->erasing = true;
        return error_set(error, STATUS_CONFLICT, N_("Read below what goes and what stays, then confirm."));
    }
    one->erased = true;
    return person_erase(request->db, own_id(request), one->account.id, error);
}

static enum status run_act(const struct http_request *request, struct one_account *one, struct error *error)
{
    static const struct {
        const char *name;
        account_act *run;
    } known[] = {{"give", give_role},      {"end", end_role},     {"session", end_session}, {"sign_out", sign_out},
                 {"token", revoke_token},  {"link", make_link},   {"factor", end_factor},   {"disable", set_disabled},
                 {"enable", set_disabled}, {"erase", end_account}};
    const int64_t id = http_integer(&request->form, "id", 0, INT64_MAX, 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (acts(request, known[i].name)) return known[i].run(request, one, id, error);
    return error_set(error, STATUS_INPUT, N_("This form is not known here: load the page again."));
}

enum status post_one_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    const int64_t id = strtoll(request->words[0], NULL, 10);
    struct one_account one = {.action = NULL};
    struct error fault = {0};
    enum status status = load_one(request, id, &one, error);
    if (status) return status;
    const bool picking = acts(request, "give") && http_value(&request->form, "pick");
    status = picking ? STATUS_OK : run_act(request, &one, &fault);
    if (status == STATUS_BUSY || status == STATUS_FAULT) {
        *error = fault;
        return status;
    }
    if (!status && one.erased)
        return http_redirect(request, response, http_url(request, "/admin/accounts"),
                             say(request, N_("It is erased.")));
    if (!status && !picking && !one.invitation.word)
        return http_redirect(request, response, one.action, say(request, N_("It is done.")));
    one.fault = status ? &fault : NULL;
    const enum status reread = load_one(request, id, &one, error);
    const enum status drawn = reread ? reread : draw_one(request, response, &one, error);
    if (status) response->status = form_status(status);
    return drawn;
}
