/* values.h: what a field of a record can hold. Each meaning is a type of its own, so that a row of a field table that names a member of
 * another type does not compile. Absent is ABSENT, NULL or 0 for references, never an ordinary value. Texts belong to the arena
 * from which the record was loaded. */
#ifndef PLATFORM_RECORD_VALUES_H
#define PLATFORM_RECORD_VALUES_H

#include <stdint.h>

#define ABSENT INT64_MIN

struct text {
    const char *value;
}; /* one line or several, plain */
struct markdown {
    const char *value;
}; /* CommonMark, without raw HTML */
struct link {
    const char *value;
}; /* http or https */
struct email {
    const char *value;
};
struct telephone {
    const char *value;
}; /* "+33123456789" */
struct siren {
    const char *value;
}; /* 9 digits */
struct siret {
    const char *value;
}; /* 14 digits */
struct choice {
    const char *value;
}; /* one of the field's own words */
struct code {
    const char *value;
}; /* one code of a vocabulary */
struct codes {
    const char *value;
}; /* several, "a;b;c", as they were filed */
struct integer {
    int64_t value;
};
struct decimal {
    int64_t scaled;
}; /* value * 10^scale of the field */
struct money {
    int64_t cents;
};
struct date {
    int64_t day;
}; /* days since 1970-01-01 */
struct moment {
    int64_t at;
}; /* milliseconds since 1970-01-01T00:00:00Z; people give and see the hour of Paris */
struct period {
    struct date from, to;
};
struct yesno {
    int64_t value;
}; /* 0, 1 or ABSENT */
struct reference {
    int64_t id;
}; /* of a record of the field's kind; 0: none */
struct references {
    const char *value;
}; /* "id;id" in decimal */
struct file {
    int64_t id; /* 0: none */
    int64_t size;
    const char *name, *media_type, *digest;
}; /* an attached file (platform/file); what is said of it is kept with the record too, so that a list asks nothing more */
enum { DEGREE_DECIMALS = 6 };

struct place {
    const char *commune;         /* INSEE code */
    int64_t latitude, longitude; /* millionths of a degree; ABSENT when unknown */
    int64_t approximate;         /* 1: a centre stands for the exact place */
};

#endif
