/* my_data_account.c: what is held about a person as who signs in: account, roles, sessions, programs, and what was done to the account. */
#include <string.h>

#include "base/arena.h"
#include "platform/account/request.h"
#include "platform/saved/saved.h"
#include "product/digest/digest.h"
#include "product/pages/account_views.h"
#include "product/pages/my_data_private.h"
#include "product/pages/pages_private.h"

static const char *moment_of(const struct http_request *request, int64_t moment)
{
    return moment ? language_moment(request->arena, request->language, moment) : NULL;
}

struct my_item my_item(struct arena *arena, const struct my_line *lines, size_t count)
{
    struct my_line *own = ARENA_ARRAY(arena, count, struct my_line);
    memcpy(own, lines, count * sizeof *own);
    return (struct my_item){.lines = own, .line_count = count};
}

static enum status add_account(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account account = {.id = 0};
    struct account_factor factor = {.since = 0};
    struct digest_wish letters = {.period = 0};
    enum status status = digest_wish_load(request->read, own_id(request), &letters, error);
    if (!status) status = account_load(request->read, request->arena, own_id(request), &account, error);
    if (!status) status = account_factor_load(request->read, request->arena, own_id(request), &factor, error);
    if (status) return status;
    const struct my_line lines[] = {
        {"name", say(request, N_("Name")), account.name},
        {"email", say(request, N_("E-mail")), account.email},
        {"language", say(request, N_("Language of the letters")),
         account.language == LANGUAGE_FRENCH ? "Français" : "English"},
        {"letters", say(request, N_("Letter of what is new")), letters_words(request, letters.period)},
        {"created", say(request, N_("Account made on")), moment_of(request, account.created)},
        {"password", say(request, N_("Password")),
         account.has_password ? say(request, N_("kept as a hash from which it cannot be read")) : NULL},
        {"second_step", say(request, N_("Two-step sign-in")), second_step_words(request, &factor)}};
    struct my_item *item = ARENA_NEW(request->arena, struct my_item);
    *item = my_item(request->arena, lines, sizeof lines / sizeof *lines);
    my_add(data, &(struct my_part){
                     .name = "account", .title = say(request, N_("My account")), .items = item, .item_count = 1});
    return STATUS_OK;
}

static enum status add_roles(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account_role_list list;
    enum status status = account_roles(request->read, request->arena, own_id(request), &list, error);
    if (status) return status;
    struct my_item *items = ARENA_ARRAY(request->arena, list.count + 1, struct my_item);
    for (size_t i = 0; !status && i < list.count; i++) {
        const char *place = "";
        status = account_organisation_name(request->read, request->arena, list.items[i].organisation, &place, error);
        const struct my_line lines[] = {
            {"role", say(request, N_("Role")), role_label(request, list.items[i].role)},
            {"organisation", say(request, N_("Organisation")), *place ? place : say(request, N_("The whole site"))},
            {"days", say(request, N_("When")), role_days(request, &list.items[i])}};
        items[i] = my_item(request->arena, lines, 3);
    }
    my_add(data, &(struct my_part){"roles", say(request, N_("My roles")), NULL, true, items, list.count});
    return status;
}

static enum status add_sessions(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account_session_list list;
    const enum status status =
        account_sessions(request->read, request->arena, own_id(request), request->session, &list, error);
    if (status) return status;
    struct my_item *items = ARENA_ARRAY(request->arena, list.count + 1, struct my_item);
    for (size_t i = 0; i < list.count; i++) {
        const struct my_line lines[] = {
            {"device", say(request, N_("Browser")), list.items[i].device},
            {"network", say(request, N_("Network")), list.items[i].address},
            {"opened", say(request, N_("Opened")), moment_of(request, list.items[i].created)},
            {"last_seen", say(request, N_("Last used")), moment_of(request, list.items[i].last_seen)}};
        items[i] = my_item(request->arena, lines, 4);
    }
    my_add(data,
           &(struct my_part){"sessions", say(request, N_("Where I am signed in")), NULL, true, items, list.count});
    return STATUS_OK;
}

static enum status add_tokens(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account_api_token_list list;
    const enum status status = account_api_tokens(request->read, request->arena, own_id(request), &list, error);
    if (status) return status;
    struct my_item *items = ARENA_ARRAY(request->arena, list.count + 1, struct my_item);
    for (size_t i = 0; i < list.count; i++) {
        const struct my_line lines[] = {
            {"name", say(request, N_("Name")), list.items[i].name},
            {"token", say(request, N_("What it may")), token_note(request, &list.items[i])},
            {"created", say(request, N_("Made on")), moment_of(request, list.items[i].created)}};
        items[i] = my_item(request->arena, lines, 3);
    }
    my_add(data,
           &(struct my_part){"programs", say(request, N_("Programs that act for me")), NULL, true, items, list.count});
    return STATUS_OK;
}

enum { EVENTS_MOST = 200, REQUESTS_MOST = 50 };

static enum status add_events(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account_event_list list;
    enum status status = account_events(request->read, request->arena, own_id(request), 0, EVENTS_MOST, &list, error);
    if (status) return status;
    struct my_item *items = ARENA_ARRAY(request->arena, list.count + 1, struct my_item);
    for (size_t i = 0; !status && i < list.count; i++) {
        const char *words = "";
        status = account_event_words(request, &list.items[i], &words, error);
        const struct my_line lines[] = {{"moment", say(request, N_("When")), moment_of(request, list.items[i].moment)},
                                        {"action", say(request, N_("What was done")), words}};
        items[i] = my_item(request->arena, lines, 2);
    }
    my_add(data, &(struct my_part){"account_events", say(request, N_("What was done to my account")), NULL, true, items,
                                   list.count});
    return status;
}

const char *my_wish_label(const struct http_request *request, const char *wish)
{
    if (strcmp(wish, "correct") == 0) return say(request, N_("Correct what is held about me"));
    if (strcmp(wish, "erase") == 0) return say(request, N_("Erase what is held about me"));
    return say(request, N_("See what is not shown here"));
}

static const char *outcome_of(const struct http_request *request, const struct account_request *asked)
{
    if (!asked->outcome)
        return language_print(request->arena, request->language, N_("waits; an answer is due by {1}"),
                              language_day(request->arena, request->language, asked->due), (const char *)NULL);
    return say(request, strcmp(asked->outcome, "done") == 0 ? N_("done") : N_("refused"));
}

static enum status add_requests(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct account_request asked[REQUESTS_MOST];
    size_t count = 0;
    const enum status status =
        account_requests(request->read, request->arena, own_id(request), REQUESTS_MOST, asked, &count, error);
    struct my_item *items = ARENA_ARRAY(request->arena, count + 1, struct my_item);
    for (size_t i = 0; !status && i < count; i++) {
        const struct my_line lines[] = {
            {"created", say(request, N_("When")), moment_of(request, asked[i].created)},
            {"wish", say(request, N_("What I ask for")), my_wish_label(request, asked[i].wish)},
            {"words", say(request, N_("In my words")), asked[i].words},
            {"outcome", say(request, N_("What came of it")), outcome_of(request, &asked[i])},
            {"answer", say(request, N_("Answer")), asked[i].answer}};
        items[i] = my_item(request->arena, lines, 5);
    }
    if (!status)
        my_add(data, &(struct my_part){"requests", say(request, N_("What I asked for")), NULL, true, items, count});
    return status;
}

static enum status add_searches(const struct http_request *request, struct my_data *data, struct error *error)
{
    struct saved_search *searches = NULL;
    size_t count = 0;
    const enum status status = saved_list(request->read, request->arena, own_id(request), &searches, &count, error);
    struct my_item *items = ARENA_ARRAY(request->arena, count + 1, struct my_item);
    for (size_t i = 0; i < count; i++) {
        const struct my_line lines[] = {
            {"name", say(request, N_("Name")), searches[i].name},
            {"kind", say(request, N_("List")), say(request, searches[i].kind->plural)},
            {"query", say(request, N_("What it is asked by")), searches[i].query},
            {"created", say(request, N_("Kept on")), moment_of(request, searches[i].created)},
            {"seen", say(request, N_("Last looked at")), moment_of(request, searches[i].seen)}};
        items[i] = my_item(request->arena, lines, 5);
    }
    if (!status) my_add(data, &(struct my_part){"searches", say(request, N_("My searches")), NULL, true, items, count});
    return status;
}

enum status my_gather_account(const struct http_request *request, struct my_data *data, struct error *error)
{
    enum status status = add_account(request, data, error);
    if (!status) status = add_roles(request, data, error);
    if (!status) status = add_sessions(request, data, error);
    if (!status) status = add_tokens(request, data, error);
    if (!status) status = add_searches(request, data, error);
    if (!status) status = add_events(request, data, error);
    return status ? status : add_requests(request, data, error);
}
