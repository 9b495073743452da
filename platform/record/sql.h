/* sql.h: the SQL texts of each kind, written once from its fields. */
#ifndef PLATFORM_RECORD_SQL_H
#define PLATFORM_RECORD_SQL_H

#include "platform/db/db.h"
#include "platform/record/kind.h"

/* The columns of the head, in the order in which they are read and written. */
enum head_column {
    HEAD_ID,
    HEAD_HOME,
    HEAD_OWNER,
    HEAD_SLOT,
    HEAD_VERSION,
    HEAD_CREATED,
    HEAD_UPDATED,
    HEAD_AUTHOR,
    HEAD_AUDIENCE,
    HEAD_READER,
    HEAD_STATE,
    HEAD_REASON,
    HEAD_STATE_DAY,
    HEAD_NAME_KEY,
    HEAD_COLUMNS
};

struct kind_sql {
    const char *columns;  /* "r.id, r.home, ..., r.title, ..." */
    const char *by_id;    /* $1 id, $2 account */
    const char *by_slots; /* $1..$50 slots, $51 account */
    const char *by_ids;   /* $1..$50 ids, $51 account */
    const char *raw;      /* $1 id: without the predicate, for the write path */
    const char *name;     /* $1 id, $2 account: the name field only */
    const char *into;     /* "need (id, home ...)", all columns: for db_insert */
    const char *update;   /* all columns but id, home, slot, created, author; then id and the version expected */
    const char *erase;    /* $1 id, $2 version */
    size_t field_columns;
};

enum { SQL_BATCH = 50 };

/* Writes the texts of all kinds; called by kinds_set. They live as long as the process. */
void kind_sql_build(const struct kind *const *kinds);
void kind_sql_free(void);
const struct kind_sql *kind_sql(const struct kind *kind);

/* The name of a head column, and its sentence for the schema. */
const char *head_column_name(enum head_column column);
const char *head_column_word(enum head_column column);
const char *head_column_sentence(enum head_column column);

/* The predicate of the kind's reads, on its table as r: its owner's readers, and those of the other side. Bind viewer->reads_as as that parameter. */
const char *kind_predicate(struct arena *arena, const struct kind *kind, int parameter);

/* CREATE TABLE and its indexes, with DDL words and the sentence of each column, for a migration. Text in the arena. */
const char *kind_create_sql(struct arena *arena, const struct kind *kind);

/* The index that the field asks for (unique, or a reference), if any. */
struct buffer;
void kind_index_sql(struct buffer *out, const struct kind *kind, const struct field *field);

#endif
