/* account_tokens.h: the form of a new API token, and what becomes of it. */
#ifndef PRODUCT_PAGES_ACCOUNT_TOKENS_H
#define PRODUCT_PAGES_ACCOUNT_TOKENS_H

#include "base/error.h"

struct html;
struct http_request;

/* The form; above it the token that was just made (NULL: none). */
void draw_token_form(struct html *html, const struct http_request *request, const char *token);

/* Makes the token that the form asks for, for the account that sends it. */
enum status make_token(const struct http_request *request, const char **token, struct error *error);

#endif
