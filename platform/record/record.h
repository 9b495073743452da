/* record.h: the record engine: loads, checks, saves and lists records of any declared kind.
 *
 * Rights are checked here and nowhere else: a record that the viewer may not read is STATUS_MISSING in every function; a field that
 * the viewer may not read is absent. All memory is of the context's arena. */
#ifndef PLATFORM_RECORD_RECORD_H
#define PLATFORM_RECORD_RECORD_H

#include "base/error.h"
#include "platform/language/language.h"
#include "platform/record/kind.h"
#include "platform/record/once.h"

struct arena;
struct db;
struct db_handle;
struct index;
struct vocabulary;

/* What the engine stands on: one per program, set before the first call and constant afterwards. */
struct records {
    struct db *db;
    struct index *index;
    struct vocabulary *vocabulary;
    const struct rights_model *rights;
    int64_t file_room; /* bytes that the files of an organisation may take up; 0: 1 GiB */
};

/* The personal fields that will be shown: the others are absent from what is loaded, and not noted as read. fields NULL: those of lists. */
struct record_shown {
    const struct field *const *fields;
    size_t count;
};
extern const struct record_shown record_shown_in_lists;

/* On whose behalf, in which language, with which handle. */
struct record_context {
    const struct records *records;
    struct arena *arena;
    const struct viewer *viewer;
    enum language language;
    struct db_handle *handle;         /* read-only, or the write handle inside a transaction */
    const char *site;                 /* "https://maillage.example": where this is served; NULL: not known */
    const char *origin;               /* how it came: "page", "api", "import 12", "command"; kept in the history */
    struct readings *readings;        /* personal fields read so far; NULL: none yet */
    const struct record_shown *shown; /* which personal fields will be shown; NULL: all that may be read */
    int64_t now;                      /* the moment that saves are dated; 0: the clock's */
    bool program; /* the program's own doing, in the viewer's name: it takes the steps that people do not */
};

/* The moment that a save of this context is dated. */
int64_t record_now(const struct record_context *context);

/* One field as it was given: its name and the text, before any check. */
struct input {
    const char *field;
    const char *text;
};
struct inputs {
    const struct input *items;
    size_t count;
};

/* What is wrong with an input, field by field. */
enum { FAULTS_MOST = 40 };
struct faults {
    struct error items[FAULTS_MOST];
    size_t count;
};

/* Adds a fault; beyond FAULTS_MOST they are no longer kept. */
void faults_add(struct faults *faults, const struct error *error);

/* The words of an audience, for forms: value and label. */
const struct option *audience_option(enum audience audience);
bool audience_find(const char *word, enum audience *audience);

/* The text given for a field, or NULL when it was not given at all ("" empties it). */
const char *input_text(const struct inputs *inputs, const char *field);

/* A new record of the kind, every field absent, owned by nobody yet, with the kind's audience and first state. */
void *record_new(struct record_context *context, const struct kind *kind);

/* Loads a record that the viewer may read; fields that they may not read are absent. STATUS_MISSING. One index look-up. */
enum status record_load(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                        struct error *error);

/* The record by the text of a unique field (a SIREN), or by id in decimal, or by its exact name when only one has it. */
enum status record_resolve(struct record_context *context, const struct kind *kind, const char *text, int64_t *id,
                           struct error *error);

/* Records whose name begins with these words, as one types: for pickers. Visible ones only, shortest names first. Returns how many. */
struct record_match {
    int64_t id;
    const char *name, *hint;
};
size_t record_suggest(struct record_context *context, const struct kind *kind, const char *words,
                      struct record_match *matches, size_t most);

/* Sets the fields that were given and that the viewer may write; every fault is added. STATUS_INPUT when there is any. Besides the kind's
 * fields: "audience", "owner" (when the kind has no owner_field). */
enum status record_apply(struct record_context *context, const struct kind *kind, void *record,
                         const struct inputs *inputs, struct faults *faults);

/* Checks the whole record (required fields, references, rights) and saves it, its index and one line of history, in the transaction of
 * context->handle. New when head.id is 0. An existing one carries the version from which it was made: STATUS_CONFLICT when somebody
 * saved in between. On success the head holds the new id, slot and version. */
enum status record_save(struct record_context *context, const struct kind *kind, void *record, struct faults *faults,
                        struct error *error);

/* Many records of one kind, checked one by one and written together, within transactions of the caller: the checks, rows, index and history
 * of record_save, which is a batch of one, for a fraction of its time. A batch outlives transactions: it remembers words, codes and which words
 * the dictionary has. Call record_batch_begin at the start of each transaction (also when it runs again), record_batch_write before its end,
 * record_batch_done once it is committed; the context's arena lasts until then. Between transactions that write a great deal, `done` also folds the index's
 * log, on a thread of its own, and tells the database that it grew; record_batch_end waits for that thread. */
struct record_batch;
struct record_batch *record_batch_new(struct arena *arena, const struct kind *kind);
void record_batch_begin(struct record_batch *batch, struct record_context *context);
/* Checks the record as record_save does and takes it. before: the whole record that it changes, as it is in the database and not in the batch; NULL: a
 * new one. A record with a fault is left out and does no harm to the others: its id is 0 again. */
enum status record_batch_add(struct record_batch *batch, void *record, const void *before, struct faults *faults,
                             struct error *error);
/* Writes what was added since the last time, in that order: slots of new records ascend without a gap. */
enum status record_batch_write(struct record_batch *batch, struct error *error);
enum status record_batch_done(struct record_batch *batch, struct error *error);
/* Returns so_far when it is a failure, else that of the thread. */
enum status record_batch_end(struct record_batch *batch, enum status so_far, struct error *error);

/* Opens a transaction, applies the inputs to a new record (id 0) or to version `version` of an existing one, and saves; then takes the step to
 * `state`, when there is one, and calls `also`: all or nothing. What came before with the same key of the account and the same content is not
 * written again: `record` is then what came of it, and `again` is true; with another content it is STATUS_CONFLICT, and `record` what is there. */
struct record_change {
    int64_t id, version;
    const char *state, *reason; /* NULL: none */
    const struct inputs *inputs;
    struct faults *faults;
    struct once once; /* key NULL: none */
    enum status (*also)(struct record_context *context, const void *record, void *data, struct error *error);
    void *data;   /* of `also`, which may run twice, as transactions do; NULL: nothing more */
    void *record; /* out: as saved, before the step */
    bool again;   /* out */
};
enum status record_write(struct record_context *context, const struct kind *kind, struct record_change *change,
                         struct error *error);

/* What record_write would find wrong, added to the faults: nothing is written. Never STATUS_OK: STATUS_INPUT when nothing else is wrong. */
enum status record_try(struct record_context *context, const struct kind *kind, struct record_change *change,
                       struct error *error);

/* Brings the record into another state of its life. */
enum status record_change_state(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                                const char *state, const char *reason, struct error *error);

/* Erases the record, its index entries and the content of its history; the lines of history stay and say so. */
enum status record_erase(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                         const char *reason, struct error *error);

/* Erases what the record says of people, also in what hangs on it (a need's hand-overs), and in the history of both: a line of action "forgotten" says
 * so, with a digest of what stays. STATUS_INPUT when there is nothing; STATUS_DENIED; STATUS_CONFLICT while the law keeps it. */
enum status record_forget(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                          struct error *error);
/* Whether the viewer may: the record holds something about a person, and each such field is one that they may change. */
bool record_may_forget(struct record_context *context, const struct kind *kind, const void *record);

/* Whether the law keeps the record on that day, whoever asks for its end. until: to which day; ABSENT: its end is not known yet. */
bool record_kept_by_law(const struct kind *kind, const void *record, int64_t today, int64_t *until);

/* What the viewer is to the record's owner. */
rights record_held(const struct record_context *context, const struct record *record);
bool record_may_write(const struct record_context *context, const struct kind *kind, const struct record *record);
/* Whether the viewer may file records of the kind at all. */
bool record_may_create(const struct record_context *context, const struct kind *kind);
/* The states that may follow for this viewer; returns how many. */
size_t record_next_states(const struct record_context *context, const struct kind *kind, const struct record *record,
                          const struct state **states, size_t most);

/* Texts of a field: canonical (as exported, as forms hold it), and for a person (labels, units, dates). NULL: absent. */
const char *field_text(struct record_context *context, const struct field *field, const void *record);
const char *field_show(struct record_context *context, const struct field *field, const void *record);

/* When other editions of the code lists have come into force since the records were indexed (a commune merged into another, an EPCI changed):
 * indexes those records anew whose codes stand elsewhere, sets their fields again that follow from codes (a line of history, origin
 * "reference"), and notes the editions. Nothing moved: one query. Else some 0.2 ms a record, in short transactions; what a crash
 * interrupts is done at the next call. *followed (may be NULL): how many records. To be called when the program starts. */
enum status records_follow_vocabulary(const struct records *records, size_t *followed, struct error *error);

/* The name of a record ("" when the viewer may not read it or it is gone). */
const char *record_name(struct record_context *context, const struct kind *kind, int64_t id);
const char *record_title(const struct kind *kind, const void *record);

/* Where the record is, through kind->place; false when it has no place. */
bool record_place(struct record_context *context, const struct kind *kind, const void *record, struct place *place);

/* The records of a list of ids, in that order, those the viewer may not read left out. One statement per 50. */
enum status record_load_many(struct record_context *context, const struct kind *kind, const int64_t *ids, size_t count,
                             void **records, size_t *loaded, struct error *error);

/* As record_load_many, by slots (what the index gives). */
enum status record_load_slots(struct record_context *context, const struct kind *kind, const int64_t *slots,
                              size_t count, void **records, size_t *loaded, struct error *error);

/* The history of a record, newest first. */
struct history_change {
    const struct field *field;
    const char *before, *after;
};
struct history_line {
    int64_t moment, account, version;
    const char *account_name; /* NULL: gone */
    const char *action;       /* "created", "changed", "state", "forgotten", "erased" */
    const char *origin, *reason;
    const struct history_change *changes;
    size_t change_count;
};
enum status record_history(struct record_context *context, const struct kind *kind, int64_t id,
                           const struct history_line **lines, size_t *count, struct error *error);

#endif
