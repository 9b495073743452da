/* account_tokens.c: making an API token: what it may do, in which roles, until when. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "product/pages/account_tokens.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

enum { ROLES_MOST = 8, TERMS = 4, FIELDS = 5 };

static const struct {
    const char *days, *label;
} terms[TERMS] = {{"30", N_("30 days")}, {"90", N_("90 days")}, {"365", N_("one year")}, {"730", N_("two years")}};

/* The roles that the account holds today, each ticked: what a token may be limited to. */
static size_t role_choices(const struct http_request *request, struct widget_choice *choices)
{
    size_t count = 0;
    for (const struct right_name *name = product_rights.names; name->bit && count < ROLES_MOST; name++)
        if (name->bit & request->viewer->roles)
            choices[count++] = (struct widget_choice){
                .value = name->name, .label = say(request, name->label), .chosen = name->bit != ADMINISTRATOR};
    return count;
}

static void draw_form(struct html *html, const struct http_request *request)
{
    struct widget_choice roles[ROLES_MOST], days[TERMS];
    const size_t role_count = role_choices(request, roles);
    for (size_t i = 0; i < TERMS; i++)
        days[i] =
            (struct widget_choice){.value = terms[i].days, .label = say(request, terms[i].label), .chosen = i == 1};
    const struct widget_choice writes[] = {{.value = "0", .label = say(request, N_("Read only")), .chosen = true},
                                           {.value = "1",
                                            .label = say(request, N_("Read and write")),
                                            .hint = say(request, N_("It files and changes records in your name."))}};
    const struct widget fields[FIELDS] = {
        {.type = WIDGET_HIDDEN, .name = "act", .value = "new_token"},
        {.type = WIDGET_TEXT,
         .name = "token_name",
         .label = say(request, N_("What is the token for?")),
         .required = true,
         .most = 80,
         .help = say(request, N_("For instance: the dashboard of our cluster."))},
        {.type = WIDGET_RADIOS,
         .name = "may_write",
         .label = say(request, N_("What may it do?")),
         .required = true,
         .choices = writes,
         .choice_count = 2},
        {.type = WIDGET_SELECT,
         .name = "days",
         .label = say(request, N_("For how long?")),
         .required = true,
         .choices = days,
         .choice_count = TERMS},
        {.type = WIDGET_CHECKBOXES,
         .name = "role",
         .label = say(request, N_("In which of your roles?")),
         .required = true,
         .help = say(request, N_("It sees and does what these roles allow, and nothing else that you may.")),
         .choices = roles,
         .choice_count = role_count},
    };
    const struct form_group group = {
        .title = say(request, N_("New token")), .fields = fields, .field_count = role_count ? FIELDS : FIELDS - 1};
    const struct form form = {.action = http_url(request, "/account"),
                              .submit = say(request, N_("Make the token")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

void draw_token_form(struct html *html, const struct http_request *request, const char *token)
{
    const struct part_notice notice = {.tone = "good",
                                       .title =
                                           say(request, N_("Your token: copy it now, it will not be shown again.")),
                                       .text = token};
    if (token) template_part_notice(html, &notice);
    draw_form(html, request);
}

/* Only roles that the account holds count; with none of them the token has nothing but what any account sees. */
static rights asked_scopes(const struct http_request *request)
{
    rights scopes = OWNER | PARTNER;
    for (size_t i = 0; i < request->form.count; i++)
        if (strcmp(request->form.items[i].name, "role") == 0)
            scopes |= rights_bit(&product_rights, request->form.items[i].value) & request->viewer->roles;
    return scopes;
}

static int64_t asked_days(const struct http_request *request)
{
    for (size_t i = 0; i < TERMS; i++)
        if (strcmp(terms[i].days, form_text(request, "days")) == 0) return strtoll(terms[i].days, NULL, 10);
    return 0;
}

enum status make_token(const struct http_request *request, const char **token, struct error *error)
{
    const struct account_api_token wanted = {.name = form_text(request, "token_name"),
                                             .may_write = strcmp(form_text(request, "may_write"), "1") == 0,
                                             .scopes = asked_scopes(request),
                                             .expires = time_now() + asked_days(request) * MS_PER_DAY};
    return account_api_token_create(request->db, request->arena, own_id(request), own_id(request), &wanted, token,
                                    error);
}
