/* files.h: the files that records hold: what a request brings becomes a file (platform/file), the record's save holds it, its erasure lets it
 * go. Who may read the record and the field may read the file, nobody else. */
#ifndef PLATFORM_RECORD_FILES_H
#define PLATFORM_RECORD_FILES_H

#include "platform/http/http.h"
#include "platform/record/record.h"

/* Where the API serves files: the number of the file follows. */
#define FILE_ADDRESS "/api/v1/files"

/* The most that a file field may take, and the room that the files of an organisation have unless struct records says otherwise. */
#define FILE_MOST ((int64_t)32 << 20)
#define FILE_ROOM ((int64_t)1 << 30)

/* Whether the kind has a file field, and the most bytes that a form of it may bring. */
bool kind_has_files(const struct kind *kind);
size_t kind_form_limit(const struct kind *kind);

/* Keeps what was sent for a file field of the record `id` (0: a new one), when the viewer may write there. STATUS_INPUT or STATUS_LIMIT with the
 * field when it is not taken; STATUS_DENIED. *file: its number, for the inputs of record_write. Not within a transaction. */
struct file_given;
enum status record_bring_file(struct record_context *context, const struct kind *kind, int64_t id,
                              const struct field *field, const struct file_given *given, int64_t *file,
                              struct error *error);

/* A form's parameters without their files, each kept instead and named by NAME.kept; those that are not taken are faults. */
enum status record_form_files(struct record_context *context, const struct http_request *request,
                              const struct kind *kind, int64_t id, struct http_parameters *given, struct faults *faults,
                              struct error *error);

/* Files that records no longer hold leave now rather than at the next sweep. */
void record_files_sweep(struct record_context *context, const struct kind *kind);

#endif
