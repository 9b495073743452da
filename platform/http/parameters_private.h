/* parameters_private.h: from the bytes of queries and forms to clean parameters. Knows no connections. */
#ifndef PLATFORM_HTTP_PARAMETERS_PRIVATE_H
#define PLATFORM_HTTP_PARAMETERS_PRIVATE_H

#include "platform/http/http.h"

enum { PARAMETERS_MOST = 1000 };

/* Decodes %XX (and + when plus_is_space) in place; gives the new length, or -1 for a bad escape. */
int64_t http_percent_decode(char *text, size_t length, bool plus_is_space);

/* Checks in place: UTF-8, no control character but tab and line feed; CR LF and CR become LF. The new length, or -1. Writes a NUL
 * after it when something was removed. */
int64_t http_text_clean(char *text, size_t length);

/* What is said of text that is not clean (STATUS_INPUT), of more than PARAMETERS_MOST fields (STATUS_LIMIT). */
enum status http_text_refused(struct error *error);
enum status http_fields_refused(struct error *error);

/* The boundary of a multipart/form-data media type, in the arena, or NULL. */
const char *http_multipart_boundary(struct arena *arena, const char *content_type);

/* A multipart/form-data body (RFC 7578) into parameters that point into body, which must be writable, one byte longer than length, and
 * is changed. Strict: no preamble, a name for each part, no transfer encoding, an end. O(length). */
enum status http_multipart_parse(struct arena *arena, char *body, size_t length, const char *boundary,
                                 struct http_parameters *parameters, struct error *error);

#endif
