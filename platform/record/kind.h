/* kind.h: how a kind of record is declared, once.
 *
 * One struct and one table of fields. From it come the SQL table, the form, the list with its facets, the search, the map, the page, the
 * exports, the import, the API and its description, the rights, the history and the tests. See docs/add-a-kind.md. */
#ifndef PLATFORM_RECORD_KIND_H
#define PLATFORM_RECORD_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/record/values.h"
#include "platform/rights/rights.h"

struct record_context;

/* The head of every record: the first member of every kind's struct. */
struct record {
    int64_t id;               /* 0: not saved yet */
    int64_t home;             /* the organisation under which it was filed; never changes */
    int64_t owner;            /* the organisation whose record it is */
    int64_t partner;          /* the one on its other side, from the kind's field of that name; 0: none */
    int64_t slot;             /* dense number within the kind, for indexes only; ABSENT: none yet */
    int64_t version;          /* grows by one at each save */
    int64_t created, updated; /* moments */
    int64_t author;           /* account that filed it */
    enum audience audience;
    const char *state;  /* one of the kind's states */
    const char *reason; /* said with the last change of state; NULL when none */
    int64_t state_day;  /* since when */
};

enum field_type {
    FIELD_TEXT,
    FIELD_MARKDOWN,
    FIELD_LINK,
    FIELD_EMAIL,
    FIELD_TELEPHONE,
    FIELD_SIREN,
    FIELD_SIRET,
    FIELD_CHOICE,
    FIELD_CODE,
    FIELD_CODES,
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_MONEY,
    FIELD_DATE,
    FIELD_PERIOD,
    FIELD_MOMENT,
    FIELD_YESNO,
    FIELD_REFERENCE,
    FIELD_REFERENCES,
    FIELD_FILE,
    FIELD_PLACE,
    FIELD_TYPES
};

enum search_weight { WEIGHT_NONE, WEIGHT_C, WEIGHT_B, WEIGHT_A };

struct option {
    const char *value, *label;
}; /* ended by {NULL, NULL} */

/* What fills a field by itself: said with DERIVED or FILLED. */
enum derivation {
    DERIVE_NOTHING,
    DERIVE_TAKEN,     /* "company.sector": what the record that the reference points to has in that field */
    DERIVE_ANCESTOR,  /* "place.region": the code at that level above a code or the commune of a place */
    DERIVE_SUGGESTED, /* "title;description": the codes that these words speak of */
    DERIVE_COMPOSED,  /* "{organisation} – {cluster}": text with fields as people read them */
    DERIVE_FILING_DAY /* the day on which the record was filed */
};

/* What every row may say. */
#define FIELD_COMMON \
    const char *label; /* N_("..."): shown in forms, lists and column heads */ \
    const char *help;  /* N_("..."): one sentence under the label in forms */ \
    bool required; \
    bool facet;       /* narrows lists, with counts */ \
    bool list;        /* a column of the list */ \
    bool sort;        /* the list may be ordered by it */ \
    bool unique;      /* no two records of the kind share it; imports update by it */ \
    bool is_personal; /* about a person, each reading is traced: said with PERSONAL(readers) only */ \
    rights \
        read; /* narrower readers than the kind's: bits of what the viewer is to the owner; 0: the kind's readers */ \
    rights write;  /* narrower writers than the kind's; 0: the kind's writers */ \
    bool fixed;    /* set when filed, not changed afterwards */ \
    bool computed; /* set by hooks, never by forms or imports */ \
    bool later;    /* what comes of it: the form asks it once the record is filed */ \
    enum search_weight search; \
    enum derivation derivation; /* said with DERIVED or FILLED */ \
    const char *source

struct text_options {
    FIELD_COMMON;
    int64_t max;
    bool several_lines;
}; /* max: characters; 0: 200 */
struct number_options {
    FIELD_COMMON;
    int64_t min, max;
    int scale;
    const char *unit;
}; /* min = max = 0: no bounds */
struct date_options {
    FIELD_COMMON;
    bool past, future;
    bool deadline; /* a day by which something is to be done: calendars of what awaits one show it */
};                 /* only past, only future */
struct plain_options {
    FIELD_COMMON;
};
struct choice_options {
    FIELD_COMMON;
    const struct option *options;
};
struct code_options {
    FIELD_COMMON;
    const char *scheme;
    const char *level;
    int facet_level;
    int64_t most;
}; /* scheme of the vocabulary room; level: only its codes of that level; NULL: any; facet_level: depth counted */
struct reference_options {
    FIELD_COMMON;
    const char *to;
}; /* name of a kind */
struct file_options {
    FIELD_COMMON;
    int64_t largest;
    const char *media_types;
}; /* bytes; "application/pdf;image/png" */

struct field {
    const char *name;
    enum field_type type;
    size_t offset; /* of the member in the kind's struct */
    union {
        struct {
            FIELD_COMMON;
        };
        struct plain_options plain;
        struct text_options text;
        struct number_options number;
        struct date_options date;
        struct choice_options choice;
        struct code_options code;
        struct reference_options reference;
        struct file_options file;
    };
};

/* The member's offset, if the member has that type; else this does not compile. A personal field without readers does not either. */
#define FIELD_OFFSET(kind_, member_, type_) \
    (offsetof(struct kind_, member_) + 0 * sizeof(_Generic(((struct kind_ *)0)->member_, struct type_ : 1)))

#define TEXT(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_TEXT, .offset = FIELD_OFFSET(kind_, member_, text), .text = { __VA_ARGS__ } \
    }
#define MARKDOWN(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_MARKDOWN, .offset = FIELD_OFFSET(kind_, member_, markdown), .text = { \
            __VA_ARGS__ \
        } \
    }
#define LINK(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_LINK, .offset = FIELD_OFFSET(kind_, member_, link), .plain = { __VA_ARGS__ } \
    }
#define EMAIL(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_EMAIL, .offset = FIELD_OFFSET(kind_, member_, email), .plain = { __VA_ARGS__ } \
    }
#define TELEPHONE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_TELEPHONE, .offset = FIELD_OFFSET(kind_, member_, telephone), .plain = { \
            __VA_ARGS__ \
        } \
    }
#define SIREN(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_SIREN, .offset = FIELD_OFFSET(kind_, member_, siren), .plain = { __VA_ARGS__ } \
    }
#define SIRET(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_SIRET, .offset = FIELD_OFFSET(kind_, member_, siret), .plain = { __VA_ARGS__ } \
    }
#define CHOICE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_CHOICE, .offset = FIELD_OFFSET(kind_, member_, choice), .choice = { \
            __VA_ARGS__ \
        } \
    }
#define CODE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_CODE, .offset = FIELD_OFFSET(kind_, member_, code), .code = { __VA_ARGS__ } \
    }
#define CODES(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_CODES, .offset = FIELD_OFFSET(kind_, member_, codes), .code = { __VA_ARGS__ } \
    }
#define INTEGER(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_INTEGER, .offset = FIELD_OFFSET(kind_, member_, integer), .number = { \
            __VA_ARGS__ \
        } \
    }
#define DECIMAL(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_DECIMAL, .offset = FIELD_OFFSET(kind_, member_, decimal), .number = { \
            __VA_ARGS__ \
        } \
    }
#define MONEY(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_MONEY, .offset = FIELD_OFFSET(kind_, member_, money), .number = { \
            __VA_ARGS__ \
        } \
    }
#define DATE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_DATE, .offset = FIELD_OFFSET(kind_, member_, date), .date = { __VA_ARGS__ } \
    }
#define PERIOD(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_PERIOD, .offset = FIELD_OFFSET(kind_, member_, period), .date = { \
            __VA_ARGS__ \
        } \
    }
#define MOMENT(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_MOMENT, .offset = FIELD_OFFSET(kind_, member_, moment), .date = { \
            __VA_ARGS__ \
        } \
    }
#define YESNO(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_YESNO, .offset = FIELD_OFFSET(kind_, member_, yesno), .plain = { __VA_ARGS__ } \
    }
#define REFERENCE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_REFERENCE, .offset = FIELD_OFFSET(kind_, member_, reference), .reference = { \
            __VA_ARGS__ \
        } \
    }
#define REFERENCES(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_REFERENCES, .offset = FIELD_OFFSET(kind_, member_, references), .reference = { \
            __VA_ARGS__ \
        } \
    }
#define ATTACHMENT(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_FILE, .offset = FIELD_OFFSET(kind_, member_, file), .file = { __VA_ARGS__ } \
    }
#define PLACE(kind_, member_, ...) \
    { \
        .name = #member_, .type = FIELD_PLACE, .offset = FIELD_OFFSET(kind_, member_, place), .plain = { __VA_ARGS__ } \
    }
#define FIELDS_END \
    { \
        .name = NULL \
    }

/* A personal field: its readers come first and cannot be left out. Use: TEXT(need, contact, PERSONAL(OWNER | OFFICER), .label = ...) */
#define PERSONAL(readers_) .is_personal = true, .read = (readers_) + 0 * sizeof(char[(readers_) != 0 ? 1 : -1])

/* A computed field: DERIVED(TAKEN, "company.sector"). What is taken from elsewhere is as it was when the record was filed. */
#define DERIVED(derivation_, source_) .computed = true, .derivation = DERIVE_##derivation_, .source = (source_)
/* A field that people may give: filled so when they leave it empty. FILLED(TAKEN, "company.place") */
#define FILLED(derivation_, source_) .derivation = DERIVE_##derivation_, .source = (source_)

/* The life of a record: its states, the first being the one in which it is filed. */
struct state {
    const char *name, *label;
    const char *next; /* names of the states that may follow, "taken_up;closed"; NULL: none */
    rights change;    /* who may bring a record into this state */
    bool reason;      /* a reason must be said */
    bool ended;       /* counts as ended in figures */
    bool automatic;   /* only the program brings a record there, and onwards */
    enum tone { TONE_NEUTRAL, TONE_WAITING, TONE_GOOD, TONE_ENDED } tone;
};

/* Places that are counted: so many records of the kind may point to one record. Those beyond wait, and the first of them follows when a place
 * becomes free. */
struct capacity {
    const char *in;      /* a required and fixed REFERENCE field: "event" */
    const char *most;    /* an INTEGER field of what it points to: "places"; absent: no limit */
    const char *taken;   /* the states that take a place, the one that comes with it first: "registered;present" */
    const char *waiting; /* the state of those that wait: "waiting" */
};

/* Why what is said of people is kept, and for how long after the end of the record (retention.h). */
struct retention {
    const char
        *purpose; /* N_("To answer the need"): on the page about personal data; needed as soon as a field is personal */
    int months;   /* 0: as long as the record */
    bool whole;   /* the record goes then; else only what it says of people */
    int law_months; /* the law keeps the record for so long after its end, and as long as it has not ended; 0: it does not */
    const char *law; /* N_("..."): which law, in plain words; with law_months */
};

struct kind {
    const char *name;    /* "need": table, address, API */
    const char *title;   /* N_("Need") */
    const char *plural;  /* N_("Needs") */
    const char *path;    /* "/needs" */
    const char *figures; /* path of a page of figures about them, which takes the list's parameters; NULL: none */
    const char *summary; /* N_("..."): one sentence at the head of the list */
    const char
        *themes; /* of the EU's table of data themes, for the catalogue of open data, "ECON;TECH"; NULL: "ECON" */
    const char *keywords; /* N_("needs;recruitment"): by which people look for such data; NULL: its plural */
    const char *filing;   /* N_("File a need"): heads the form and names what leads to it */
    const char *section;  /* part of the site under which its list stands, "/find"; NULL: none */
    const char *
        invitation; /* N_("..."): a sentence that invites to file one, where the site says what may be told; NULL: none */
    size_t size;    /* of the kind's struct */
    const struct field *fields;
    const struct state *states; /* ended by {NULL}; NULL: one state, "open" */
    const char *name_field;     /* the field that names a record in lists and references: "title" */
    const char *place;   /* a PLACE field, "place", or one of a referenced record, "company.place"; NULL: not on maps */
    const char *address; /* a TEXT field that says where more exactly; NULL: none */
    bool is_organisation;    /* a record of this kind is itself an owner (home = owner = its id) */
    const char *owner_field; /* a REFERENCE field whose record owns this one: "company"; NULL: where the viewer acts */
    const char *
        partner; /* a REFERENCE field to an organisation whose people read each record as its owner's do, and are PARTNER to it: "provider";
                          * NULL: none */
    const char
        *list; /* a code list without which none can be filed ("handover": its services); NULL: none is asked for */
    rights create, read, write, erase; /* 0: nobody. read: ANYONE = by audience */
    enum audience audience;            /* proposed when filed; the only one when fixed_audience */
    bool fixed_audience;
    int small_cell; /* least distinct owners in a published figure */
    struct retention retention;
    bool reference;                  /* a reference table for distribution (organisations, memberships) */
    const struct capacity *capacity; /* NULL: any number */
    const char *starts,
        *ends; /* DATE or MOMENT fields: when it takes place, for calendars; NULL: it does not. ends may be NULL */
    const struct panel *panels; /* links shown on the page; ended by {NULL} */

    /* Hooks, for what no row can say. More than three asks for a page of its own. */
    enum status (*before_save)(struct record_context *context, void *record, const void *before, struct error *error);
    /* In the same transaction. before: NULL for a new record; record: NULL for one that was erased. */
    enum status (*after_save)(struct record_context *context, const void *record, const void *before,
                              struct error *error);
};

/* Records of another kind that point here, shown on the page of a record. */
struct panel {
    const char *title;     /* N_("Needs of this company") */
    const char *kind;      /* "need" */
    const char *field;     /* "company": its REFERENCE field that points here */
    int64_t most;          /* rows shown before "all" */
    const char *when, *is; /* only on records whose field `when` is `is`; NULL: on all */
    bool open;             /* whoever may file one may do so from here; else only those who act for the owner */
    const char *
        counted; /* facets of it ("effect;place.region") by whose values those that there are stand counted: `field` is a facet; NULL: none */
};

/* The kinds of a program: set once at start. */
void kinds_set(const struct kind *const *kinds); /* ended by NULL */
const struct kind *const *kinds_all(void);
const struct kind *kind_find(const char *name);
const struct field *kind_field(const struct kind *kind, const char *name);
/* The organisation on the other side of the record; 0: none. */
int64_t kind_partner(const struct kind *kind, const void *record);
/* Whether the viewer, being `held` to the owner, may read or write the field. */
bool field_readable(const struct kind *kind, const struct field *field, rights held);
bool field_writable(const struct kind *kind, const struct field *field, rights held, bool filed);
/* Whether a field of it is about people. */
bool kind_has_people(const struct kind *kind);
/* Whether the field may be a facet, a filter, searched or sorted for anyone who reads the kind (readers no narrower than the record's). */
bool field_open(const struct field *field);
/* Whether it holds a day, or a moment, of which lists know the day in Paris. */
static inline bool field_is_dated(const struct field *field)
{
    return field->type == FIELD_DATE || field->type == FIELD_MOMENT;
}
static inline void *field_member(const struct field *field, void *record) { return (char *)record + field->offset; }
static inline const void *field_value(const struct field *field, const void *record)
{
    return (const char *)record + field->offset;
}

#endif
