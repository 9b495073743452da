/* people.h: what records say of one person, found by what their tables declare personal: for the person, and for who answers to a person. */
#ifndef PLATFORM_RECORD_PEOPLE_H
#define PLATFORM_RECORD_PEOPLE_H

#include "platform/record/record.h"

/* As people write them; NULL: not sought. An address or number is compared with fields of its type, a name with personal texts, all of it, capitals
 * of unaccented letters aside. */
struct people_sought {
    const char *email, *telephone, *name;
};

struct people_found {
    const struct kind *kind;
    int64_t id;
    bool in_history; /* no more in the record itself */
};

/* Those of any kind and of anybody, whoever asks: the caller shows of each only what record_load gives. STATUS_INPUT: that is no telephone number. No
 * index has what is personal: reads every record of the kinds that hold such fields, and their leaves (some 0.5 s a million). */
enum status people_find(struct record_context *context, const struct people_sought *sought, struct people_found *found,
                        size_t most, size_t *count, struct error *error);

/* Who was shown what is personal in a record, or in all those of an organisation, newest first. */
struct people_reading {
    int64_t moment, account;
    const char *account_name; /* NULL: gone, or nobody who was signed in */
    const struct kind *kind;
    int64_t record;
    const struct field *field;
    const char *origin;
};
enum status people_readings(struct record_context *context, const struct kind *kind, int64_t id,
                            struct people_reading *readings, size_t most, size_t *count, struct error *error);
enum status people_readings_of(struct record_context *context, int64_t organisation, struct people_reading *readings,
                               size_t most, size_t *count, struct error *error);

/* Erases what a record says of people, as record_forget does, by an administrator of the site, who answers to the person and reads none of it. In a
 * transaction of its own. STATUS_DENIED to others; STATUS_CONFLICT while the law keeps it. */
enum status people_forget(struct record_context *context, const struct kind *kind, int64_t id, struct error *error);

#endif
