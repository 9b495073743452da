/* account_views.h: what the pages of accounts show, and the parts that they share. */
#ifndef PRODUCT_PAGES_ACCOUNT_VIEWS_H
#define PRODUCT_PAGES_ACCOUNT_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/account/account.h"
#include "platform/html/html.h"
#include "product/letters.h"

struct http_request;
struct http_response;

/* Sessions, tokens, roles or people, each with a button that acts on it. */
struct account_row {
    int64_t id;
    const char *name, *note, *act;
    const char *url;             /* the name is a link */
    const char *more, *more_url; /* what else can be done, on a page of its own; NULL: nothing */
    const char *mark;            /* stands in place of the button: "this one" */
    bool fixed;                  /* neither button nor mark */
};

struct account_rows {
    const char *title, *button, *empty, *action;
    const struct account_row *rows;
    size_t row_count;
};

/* A button by itself: what it does is said beside it. */
struct account_button {
    const char *title, *text, *label, *act, *action;
    const char *confirm; /* sent as confirm=1: the second, wary asking */
    int64_t id;
};

/* The key of two-step sign-in, as a square and in groups of four letters; the recovery codes. */
struct second_step_view {
    struct markup square;
    const char *secret;
};

struct second_step_code {
    const char *text;
};
struct second_step_codes {
    const struct second_step_code *codes;
    size_t code_count;
};

/* A list that is searched by words. */
struct account_search_view {
    const char *action, *label, *query;
};

/* --- account_parts.c --- */

/* "Cluster officer", translated; the name itself when the program has no such role. */
const char *role_label(const struct http_request *request, const char *role);
/* "since 12 March 2026, until 1 May 2027" */
const char *role_days(const struct http_request *request, const struct account_role *role);
/* "Tableau de bord · reads and writes as Member · until 1 May 2027 · last used ..." without its name. */
const char *token_note(const struct http_request *request, const struct account_api_token *token);

void draw_faults(struct html *html, const struct http_request *request, const struct error *fault);
void draw_sessions(struct html *html, const struct http_request *request, const struct account_session_list *list,
                   const char *action);
void draw_tokens(struct html *html, const struct http_request *request, const struct account_api_token_list *list,
                 const char *action);
/* The link that a person is to be handed, shown once, or to which address it left; nothing when both are NULL. */
void draw_invitation(struct html *html, const struct http_request *request, const struct invitation *invitation);
/* That a letter left. */
const char *sent_words(const struct http_request *request, const struct invitation *invitation);
enum status draw_events(struct html *html, const struct http_request *request, const struct account_event_list *list,
                        bool of_one, struct error *error);

/* "role given: Member, Atelier du Nord" */
enum status account_event_words(const struct http_request *request, const struct account_event *event,
                                const char **words, struct error *error);

/* "on since 3 March 2026, 9 recovery codes left", or that it is off. */
const char *second_step_words(const struct http_request *request, const struct account_factor *factor);

/* The HTTP status of a form that was refused: 422 when it is to be filled in again. */
int form_status(enum status status);
/* What a form's hidden `act` says. */
bool acts(const struct http_request *request, const char *act);
/* The value, "" when it was not sent. */
const char *form_text(const struct http_request *request, const char *name);
/* A day of the form: fallback when it is empty; STATUS_INPUT when it is none. */
enum status form_day(const struct http_request *request, const char *name, int64_t fallback, int64_t *day,
                     struct error *error);
int64_t own_id(const struct http_request *request);

#endif
