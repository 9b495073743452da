/* form.h: the form of a kind, drawn from its fields and read back. */
#ifndef PLATFORM_RECORD_FORM_H
#define PLATFORM_RECORD_FORM_H

#include "platform/html/widget.h"
#include "platform/http/http.h"
#include "platform/record/record.h"

/* The form for a record (new, or as loaded). given: what was just sent, drawn again as it was; NULL: the record's own texts. */
const struct form *record_form(struct record_context *context, const struct http_request *request,
                               const struct kind *kind, const void *record, const struct http_parameters *given,
                               const struct faults *faults);

/* What a form sent, one text a field. In the request's arena. */
struct inputs record_form_inputs(const struct http_request *request, const struct kind *kind,
                                 const struct http_parameters *given);

#endif
