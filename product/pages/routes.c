/* routes.c: the addresses of the pages. */
#include <string.h>

#include "base/arena.h"
#include "platform/html/assets.h"
#include "product/pages/figures_asked.h"
#include "platform/job/pages.h"
#include "platform/catalogue/catalogue.h"
#include "platform/saved/saved.h"
#include "product/open/open.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

void product_start(const char *name, const struct legal_words *legal)
{
    sections_start(name);
    static const char *const paths[] = {figures_api_paths, codes_api_paths, NULL};
    record_api_describe(paths);
    legal_set(legal);
}

static const struct http_route product_routes[] = {
    ROUTE(HTTP_GET, "/", ROUTE_PAGE, ACCESS_PUBLIC, page_home),
    ROUTE(HTTP_GET, "/sign-in", ROUTE_PAGE, ACCESS_PUBLIC, page_sign_in),
    ROUTE(HTTP_POST, "/sign-in", ROUTE_PAGE, ACCESS_PUBLIC, post_sign_in, .slow = true, .guesses = true),
    ROUTE(HTTP_POST, "/sign-out", ROUTE_PAGE, ACCESS_ACCOUNT, post_sign_out),
    ROUTE(HTTP_GET, "/account", ROUTE_PAGE, ACCESS_ACCOUNT, page_account),
    ROUTE(HTTP_POST, "/account", ROUTE_PAGE, ACCESS_ACCOUNT, post_account),
    ROUTE(HTTP_GET, "/account/leave", ROUTE_PAGE, ACCESS_ACCOUNT, page_leave),
    ROUTE(HTTP_POST, "/account/leave", ROUTE_PAGE, ACCESS_ACCOUNT, post_leave),
    ROUTE(HTTP_GET, "/account/password", ROUTE_PAGE, ACCESS_ACCOUNT, page_account),
    ROUTE(HTTP_POST, "/account/password", ROUTE_PAGE, ACCESS_ACCOUNT, post_password, .slow = true, .guesses = true),
    ROUTE(HTTP_GET, "/account/second-step", ROUTE_PAGE, ACCESS_ACCOUNT, page_second_step),
    ROUTE(HTTP_POST, "/account/second-step", ROUTE_PAGE, ACCESS_ACCOUNT, post_second_step, .slow = true,
          .guesses = true),
    ROUTE(HTTP_GET, "/account/data", ROUTE_PAGE, ACCESS_ACCOUNT, page_my_data),
    ROUTE(HTTP_POST, "/account/data", ROUTE_PAGE, ACCESS_ACCOUNT, post_my_data),
    ROUTE(HTTP_GET, "/account/data/file", ROUTE_PAGE, ACCESS_ACCOUNT, my_data_file, .slow = true),
    ROUTE(HTTP_GET, "/welcome", ROUTE_PAGE, ACCESS_PUBLIC, page_welcome),
    ROUTE(HTTP_POST, "/welcome", ROUTE_PAGE, ACCESS_PUBLIC, post_welcome, .slow = true, .guesses = true),
    ROUTE(HTTP_GET, "/forgotten", ROUTE_PAGE, ACCESS_PUBLIC, page_forgotten),
    ROUTE(HTTP_POST, "/forgotten", ROUTE_PAGE, ACCESS_PUBLIC, post_forgotten, .guesses = true),
    ROUTE(HTTP_GET, "/invitation", ROUTE_PAGE, ACCESS_PUBLIC, page_invitation),
    ROUTE(HTTP_POST, "/invitation", ROUTE_PAGE, ACCESS_PUBLIC, post_invitation, .slow = true, .guesses = true),
    ROUTE(HTTP_GET, "/organisations/{id}/people", ROUTE_PAGE, ACCESS_ACCOUNT, page_people),
    ROUTE(HTTP_POST, "/organisations/{id}/people", ROUTE_PAGE, ACCESS_ACCOUNT, post_people),
    ROUTE(HTTP_GET, "/admin/accounts", ROUTE_PAGE, ACCESS_RIGHTS, page_accounts, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/admin/accounts/new", ROUTE_PAGE, ACCESS_RIGHTS, page_account_new, .rights = ADMINISTRATOR),
    ROUTE(HTTP_POST, "/admin/accounts/new", ROUTE_PAGE, ACCESS_RIGHTS, post_account_new, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/admin/accounts/{id}", ROUTE_PAGE, ACCESS_RIGHTS, page_one_account, .rights = ADMINISTRATOR),
    ROUTE(HTTP_POST, "/admin/accounts/{id}", ROUTE_PAGE, ACCESS_RIGHTS, post_one_account, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/admin/personal-data", ROUTE_PAGE, ACCESS_RIGHTS, page_personal_data, .rights = ADMINISTRATOR),
    ROUTE(HTTP_POST, "/admin/personal-data", ROUTE_PAGE, ACCESS_RIGHTS, post_personal_data, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/admin/retention", ROUTE_PAGE, ACCESS_RIGHTS, page_retention, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/admin/log", ROUTE_PAGE, ACCESS_RIGHTS, page_account_log, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/tell", ROUTE_PAGE, ACCESS_PUBLIC, page_section),
    ROUTE(HTTP_GET, "/find", ROUTE_PAGE, ACCESS_PUBLIC, page_section),
    ROUTE(HTTP_GET, "/understand", ROUTE_PAGE, ACCESS_PUBLIC, page_section),
    ROUTE(HTTP_GET, "/understand/figures", ROUTE_PAGE, ACCESS_PUBLIC, page_figures),
    ROUTE(HTTP_GET, "/understand/figures/export", ROUTE_PAGE, ACCESS_PUBLIC, page_figures_export),
    ROUTE(HTTP_GET, "/understand/needs", ROUTE_PAGE, ACCESS_PUBLIC, page_needs),
    ROUTE(HTTP_GET, "/api/v1/figures/needs", ROUTE_API, ACCESS_PUBLIC, api_figures),
    ROUTE(HTTP_GET, "/space", ROUTE_PAGE, ACCESS_ACCOUNT, page_space),
    ROUTE(HTTP_GET, SAVED_PATH, ROUTE_PAGE, ACCESS_ACCOUNT, saved_page),
    ROUTE(HTTP_POST, SAVED_PATH, ROUTE_PAGE, ACCESS_ACCOUNT, saved_post),
    ROUTE(HTTP_GET, SAVED_NEW_PATH, ROUTE_PAGE, ACCESS_ACCOUNT, saved_new_page),
    ROUTE(HTTP_POST, SAVED_NEW_PATH, ROUTE_PAGE, ACCESS_ACCOUNT, saved_new_post),
    ROUTE(HTTP_GET, "/space/silent", ROUTE_PAGE, ACCESS_RIGHTS, page_silent, .rights = OFFICER | MANAGER),
    ROUTE(HTTP_GET, "/space/silent/file", ROUTE_PAGE, ACCESS_RIGHTS, send_silent, .rights = OFFICER | MANAGER),
    ROUTE(HTTP_GET, "/space/year", ROUTE_PAGE, ACCESS_RIGHTS, page_year, .rights = OFFICER | MANAGER),
    ROUTE(HTTP_GET, "/space/year/{section}", ROUTE_PAGE, ACCESS_RIGHTS, page_year_list, .rights = OFFICER | MANAGER),
    ROUTE(HTTP_GET, "/space/year/file/{format}", ROUTE_PAGE, ACCESS_RIGHTS, send_year, .rights = OFFICER | MANAGER,
          .slow = true),
    ROUTE(HTTP_GET, "/space/jobs", ROUTE_PAGE, ACCESS_ACCOUNT, job_mine_page),
    ROUTE(HTTP_GET, "/space/jobs/{job}", ROUTE_PAGE, ACCESS_ACCOUNT, job_page),
    ROUTE(HTTP_GET, "/space/jobs/{job}/file", ROUTE_PAGE, ACCESS_ACCOUNT, job_file_page, .slow = true),
    ROUTE(HTTP_POST, "/space/jobs/{job}/cancel", ROUTE_PAGE, ACCESS_ACCOUNT, job_cancel_post),
    ROUTE(HTTP_POST, "/space/jobs/{job}/retry", ROUTE_PAGE, ACCESS_ACCOUNT, job_retry_post),
    ROUTE(HTTP_GET, "/admin/jobs", ROUTE_PAGE, ACCESS_RIGHTS, job_admin_page, .rights = ADMINISTRATOR),
    ROUTE(HTTP_GET, "/deadlines", ROUTE_PAGE, ACCESS_PUBLIC, page_deadlines),
    ROUTE(HTTP_POST, "/deadlines", ROUTE_PAGE, ACCESS_ACCOUNT, post_deadlines),
    ROUTE(HTTP_GET, "/deadlines.ics", ROUTE_PAGE, ACCESS_PUBLIC, send_deadlines_calendar),
    ROUTE(HTTP_GET, "/deadlines.atom", ROUTE_PAGE, ACCESS_PUBLIC, send_deadlines_feed),
    ROUTE(HTTP_GET, "/visits/plan", ROUTE_PAGE, ACCESS_RIGHTS, page_visit_plan, .rights = OFFICER),
    ROUTE(HTTP_POST, "/visits/plan", ROUTE_PAGE, ACCESS_RIGHTS, post_visit_plan, .rights = OFFICER),
    ROUTE(HTTP_GET, "/visits/tour", ROUTE_PAGE, ACCESS_RIGHTS, page_visit_tour, .rights = OFFICER),
    ROUTE(HTTP_GET, "/visits/note", ROUTE_PAGE, ACCESS_RIGHTS, page_visit_note, .rights = OFFICER),
    ROUTE(HTTP_POST, "/visits/note", ROUTE_PAGE, ACCESS_RIGHTS, post_visit_note, .rights = OFFICER),
    ROUTE(HTTP_GET, "/visits/worker.js", ROUTE_PAGE, ACCESS_PUBLIC, send_visit_worker),
    ROUTE(HTTP_GET, "/search", ROUTE_PAGE, ACCESS_PUBLIC, page_search),
    ROUTE(HTTP_GET, "/letters", ROUTE_PAGE, ACCESS_PUBLIC, page_letters),
    ROUTE(HTTP_POST, "/letters", ROUTE_PAGE, ACCESS_PUBLIC, post_letters),
    ROUTE(HTTP_GET, "/letters/stop", ROUTE_API, ACCESS_PUBLIC, show_letters_stop),
    ROUTE(HTTP_POST, "/letters/stop", ROUTE_API, ACCESS_PUBLIC, post_letters_stop),
    ROUTE(HTTP_GET, "/legal", ROUTE_PAGE, ACCESS_PUBLIC, page_legal),
    ROUTE(HTTP_GET, "/privacy", ROUTE_PAGE, ACCESS_PUBLIC, page_privacy),
    ROUTE(HTTP_GET, "/accessibility", ROUTE_PAGE, ACCESS_PUBLIC, page_accessibility),
    ROUTE(HTTP_GET, "/sources", ROUTE_PAGE, ACCESS_PUBLIC, page_sources),
    ROUTE(HTTP_GET, "/open-data", ROUTE_PAGE, ACCESS_PUBLIC, page_open_data),
    ROUTE(HTTP_GET, CATALOGUE_PATH, ROUTE_API, ACCESS_PUBLIC, api_catalogue),
    ROUTE(HTTP_GET, CATALOGUE_PATH ".ttl", ROUTE_API, ACCESS_PUBLIC, api_catalogue_file),
    ROUTE(HTTP_GET, CATALOGUE_PATH ".jsonld", ROUTE_API, ACCESS_PUBLIC, api_catalogue_file),
    ROUTE(HTTP_GET, CATALOGUE_PATH ".rdf", ROUTE_API, ACCESS_PUBLIC, api_catalogue_file),
    ROUTE(HTTP_GET, CATALOGUE_PATH "/{dataset}", ROUTE_API, ACCESS_PUBLIC, api_catalogue_dataset),
    ROUTE(HTTP_GET, OPEN_CODES_PATH "/{scheme}/{format}", ROUTE_API, ACCESS_PUBLIC, api_codes, .slow = true),
    ROUTE(HTTP_GET, "/api", ROUTE_PAGE, ACCESS_PUBLIC, page_api),
    {.handler = NULL},
};

const struct http_route *const *product_tables(struct arena *arena)
{
    const struct http_route *const all[] = {asset_routes, product_routes, record_api_routes,
                                            record_page_routes(arena, kinds_all()), NULL};
    const struct http_route **tables = ARENA_ARRAY(arena, sizeof all / sizeof *all, const struct http_route *);
    memcpy(tables, all, sizeof all);
    return tables;
}
