/* file.h: files kept in the database, in pieces of 64 KiB, typed by their content.
 *
 * A file is brought (file_check, then file_store), held by what it belongs to (file_hold, in the transaction that writes the holder) and let
 * go (file_let_go, in the transaction that drops it). What is not whole, not held or let go is seen by nobody; file_sweep takes its content
 * away, after a day for what was never held. No transaction holds more than half a MiB of content. */
#ifndef PLATFORM_FILE_H
#define PLATFORM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"

struct arena;
struct db;
struct db_handle;

enum { FILE_PIECE = 64 * 1024, FILE_DIGEST = 32 };

/* What was sent: its name as the person's machine calls it, and its bytes (borrowed; may be a mapped file). */
struct file_given {
    const char *name;
    const char *bytes;
    size_t length;
};

/* What is taken. media_types: separated by ';', NULL: all; largest: bytes, 0: no limit. */
struct file_limits {
    const char *media_types;
    int64_t largest;
};

/* A file as it is kept. */
struct file_kept {
    int64_t id, home, account, size, created;
    const char *name, *media_type;
    const char *digest;         /* BLAKE2b of the content, 64 hexadecimal digits */
    const char *holder, *field; /* "need", "document"; NULL: held by nothing yet */
    int64_t record;             /* of the holder; 0: held by nothing yet */
};

/* The media type that the content shows, whatever the name says: PDF, PNG, JPEG, GIF, WebP, Office and OpenDocument documents without
 * macros, ZIP, web pages, drawings in SVG, XML, plain text in UTF-8 (CSV when the name says so); else application/octet-stream. Static. Linear
 * in the size for texts. */
const char *file_media_type(const struct file_given *given);

/* What people call a media type: "PDF", "PNG image"; in their language. */
const char *file_type_name(enum language language, const char *media_type);
/* A list of media types, named and separated by commas. In the arena. */
const char *file_type_names(struct arena *arena, enum language language, const char *media_types);

/* The name without folders, controls, marks that turn or hide letters, and what systems refuse in names; at most 120 characters; its ending is
 * one of the media type's. Never empty. In the arena. */
const char *file_clean_name(struct arena *arena, const char *name, const char *media_type);

/* Whether it would be taken: STATUS_INPUT (empty, of another type), STATUS_LIMIT (too large), with a sentence that names the file. */
enum status file_check(struct arena *arena, enum language language, const struct file_given *given,
                       const struct file_limits *limits, struct error *error);
/* The same for a file that was stored before, perhaps under other limits. */
enum status file_check_kept(struct arena *arena, enum language language, const struct file_kept *file,
                            const struct file_limits *limits, struct error *error);

/* Keeps a file, held by nothing yet, for `home` (whose files may take up `room` bytes together; 0: no limit). Several short transactions: a
 * crash leaves what file_sweep takes away. STATUS_LIMIT when there is no room. Not within a transaction. */
enum status file_store(struct db *db, struct arena *arena, const struct file_given *given, int64_t home,
                       int64_t account, int64_t room, int64_t *id, struct error *error);

/* A whole file, held or not; STATUS_MISSING. Asks for no rights: who calls does. In the arena. */
enum status file_load(struct db_handle *handle, struct arena *arena, int64_t id, struct file_kept **file,
                      struct error *error);

/* Within a transaction: from now on the record holds the file. STATUS_CONFLICT when it is held already, is gone or was brought by another
 * account. */
enum status file_hold(struct db_handle *write, int64_t id, int64_t account, const char *holder, int64_t record,
                      const char *field, struct error *error);

/* Within a transaction: nobody sees the file any more; its name and digest are gone. file_sweep(db, 0) takes its content away. */
enum status file_let_go(struct db_handle *write, int64_t id, struct error *error);

/* Takes away the content of files that were let go, and of those brought before `moment` (UTC milliseconds) and held by nothing. Short
 * transactions, not within one; may run twice at once. *removed (may be NULL): how many. */
enum status file_sweep(struct db *db, int64_t moment, int64_t *removed, struct error *error);

/* Reads a file from its beginning, a piece at a time: file_read is a `produce` of http_response. -1: it was let go meanwhile, or the
 * database failed. The handle must live as long. */
struct file_reader;
struct file_reader *file_reader_new(struct arena *arena, struct db_handle *handle, const struct file_kept *file);
int64_t file_read(void *reader, char *bytes, size_t room);

/* Writes the whole content to an open file descriptor. */
enum status file_copy(struct db_handle *handle, const struct file_kept *file, int descriptor, struct error *error);

#endif
