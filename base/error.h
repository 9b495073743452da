/* error.h: how a function says that it did not do what was asked.
 *
 * A function that can fail returns an enum status and fills a struct error. The message is a sentence for a
 * person, in English, that is also the key of its translation; {1} to {4} stand for the arguments, so that a
 * page can say it in the reader's language. "Our fault" and "the caller's fault" are different words. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>
#include <stdint.h>

enum status {
    STATUS_OK,
    STATUS_INPUT,    /* what was given is wrong: say which field, and what to do */
    STATUS_DENIED,   /* not allowed to this person */
    STATUS_MISSING,  /* no such thing, or none that this person may see */
    STATUS_CONFLICT, /* somebody else changed it meanwhile, or it exists already */
    STATUS_LIMIT,    /* too large, too many, too often */
    STATUS_NONE,     /* the question is right and has no answer (infeasible, not converged) */
    STATUS_BUSY,     /* try again: locked, disconnected, serialisation failure */
    STATUS_FAULT,    /* our fault, or the machine's */
};

enum { ERROR_ARGUMENTS = 4, ERROR_ARGUMENT_SIZE = 160 };

struct error {
    enum status status;
    const char *message; /* static; {1}..{4} are replaced */
    char arguments[ERROR_ARGUMENTS][ERROR_ARGUMENT_SIZE];
    char field[64]; /* which field or column; empty when none */
    char file[160]; /* which file; empty when none */
    int64_t line;   /* 1-based; 0 when none */
    int64_t column; /* 1-based; 0 when none */
};

/* Marks a sentence for translation where it stands in a constant. */
#define N_(text) text

/* Fills error (which may be NULL) and returns status. Arguments: up to four texts; a NULL ends them. Longer
 * ones are cut. Use: return error_set(error, STATUS_INPUT, N_("There is no column {1}."), name); */
#ifdef __clang_analyzer__ /* sees one file at a time: it is told which status comes back */
#define error_set(error, status, ...) (error_fill((error), (status), __VA_ARGS__, (const char *)NULL), (status))
#else
#define error_set(error, status, ...) error_fill((error), (status), __VA_ARGS__, (const char *)NULL)
#endif
enum status error_fill(struct error *error, enum status status, const char *message, ...);

/* The same with the field that is at fault. */
#define error_field(error, status, field, ...) \
    error_fill_field((error), (status), (field), __VA_ARGS__, (const char *)NULL)
enum status error_fill_field(struct error *error, enum status status, const char *field, const char *message, ...);

/* Says where in a file; returns error->status. */
enum status error_at(struct error *error, const char *file, int64_t line, int64_t column);

/* Writes the sentence into text, with the arguments in place. format: the message or its translation. */
void error_sentence(const struct error *error, const char *format, char *text, size_t size);

/* Writes "file:line:column: field: sentence" in English: for the command line and the log. */
void error_describe(const struct error *error, char *text, size_t size);

/* The exit code of the command line: 0 done, 1 usage, 2 bad input, 3 no answer, 4 our fault. */
int error_exit_code(enum status status);

#endif
