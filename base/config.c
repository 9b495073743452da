#include "base/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { SECRET_BYTES = 4096, ROWS_MOST = 64 };

/* A reading of one text: which rows were given. */
struct reading {
    struct arena *arena;
    const struct option_row *rows;
    bool given[ROWS_MOST];
};

static bool is_space(char character) { return character == ' ' || character == '\t' || character == '\r'; }

static char *trim(char *text)
{
    size_t length = strlen(text);
    while (length && is_space(text[length - 1])) text[--length] = '\0';
    while (is_space(*text)) text++;
    return text;
}

static bool is_key(const struct option_row *row) { return row->name && row->type != OPTION_FILE; }

static const struct option_row *find_key(const struct option_row *rows, const char *name)
{
    for (; rows->target; rows++)
        if (is_key(rows) && strcmp(rows->name, name) == 0) return rows;
    return NULL;
}

static enum status set_flag(const struct option_row *row, const char *value, struct error *error)
{
    const bool yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0)
        return error_field(error, STATUS_INPUT, row->name, "Write yes or no, not {1}.", value);
    *(bool *)row->target = yes;
    return STATUS_OK;
}

static enum status set_key(struct reading *reading, const char *name, const char *value, struct error *error)
{
    const struct option_row *row = find_key(reading->rows, name);
    if (!row) return error_set(error, STATUS_INPUT, "There is no setting {1}.", name);
    bool *given = &reading->given[row - reading->rows];
    if (*given && row->type != OPTION_LIST)
        return error_field(error, STATUS_INPUT, row->name, "It is set twice: leave one line.");
    *given = true;
    if (!*value) return error_field(error, STATUS_INPUT, row->name, "It has no value: write one, or remove the line.");
    return row->type == OPTION_FLAG ? set_flag(row, value, error) : options_set(row, value, error);
}

static bool has_control(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)line[i] < ' ' && !is_space(line[i])) || line[i] == 0x7f) return true;
    return false;
}

static enum status read_line(struct reading *reading, const char *line, size_t length, struct error *error)
{
    if (has_control(line, length))
        return error_set(error, STATUS_INPUT, "The line holds a control character: is this a text file?");
    char *name = trim(arena_copy_bytes(reading->arena, line, length));
    if (!*name || *name == '#') return STATUS_OK;
    char *equals = strchr(name, '=');
    if (!equals) return error_set(error, STATUS_INPUT, "Write the line as: name = value.");
    *equals = '\0';
    return set_key(reading, trim(name), trim(equals + 1), error);
}

static void forget_lists(const struct option_row *rows, bool from_file)
{
    for (; rows->target; rows++) {
        if (rows->type != OPTION_LIST) continue;
        struct option_list *list = rows->target;
        if (!from_file) list->count = 0;
        list->from_file = from_file;
    }
}

enum status config_read(struct arena *arena, const char *name, const char *text, size_t length,
                        const struct option_row *rows, struct error *error)
{
    struct reading reading = {.arena = arena, .rows = rows};
    int64_t number = 0;
    enum status status = STATUS_OK;
    forget_lists(rows, false);
    for (size_t at = 0; !status && at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t size = end ? (size_t)(end - text) - at : length - at;
        number++;
        status = read_line(&reading, text + at, size, error);
        at += size + 1;
    }
    forget_lists(rows, true);
    return status ? error_at(error, name, number, 0) : STATUS_OK;
}

/* The whole file, which must not be larger than `most`. */
static enum status read_file(struct arena *arena, const char *name, size_t most, const char **text, size_t *length,
                             struct error *error)
{
    FILE *file = fopen(name, "rb");
    if (!file) return error_set(error, STATUS_INPUT, "The file {1} cannot be read: {2}.", name, strerror(errno));
    char *content = arena_alloc(arena, most + 2);
    *length = fread(content, 1, most + 1, file);
    const bool failed = ferror(file);
    fclose(file);
    *text = content;
    if (failed) return error_set(error, STATUS_INPUT, "The file {1} cannot be read.", name);
    return *length > most ? error_set(error, STATUS_LIMIT, "The file {1} is too large.", name) : STATUS_OK;
}

enum status config_load(struct arena *arena, const char *file, const struct option_row *rows, struct error *error)
{
    const char *text = NULL;
    size_t length = 0;
    const enum status status = read_file(arena, file, CONFIG_BYTES, &text, &length, error);
    return status ? status : config_read(arena, file, text, length, rows, error);
}

static void print_value(FILE *out, const struct option_row *row)
{
    const char *text = row->type == OPTION_TEXT ? *(const char *const *)row->target : NULL;
    if (row->type == OPTION_FLAG)
        fputs(*(const bool *)row->target ? "yes" : "no", out);
    else if (row->type == OPTION_NUMBER)
        fprintf(out, "%lld", (long long)*(const int64_t *)row->target);
    else if (row->type == OPTION_REAL)
        fprintf(out, "%g", *(const double *)row->target);
    else
        fputs(text ? text : row->argument, out);
}

void config_print(FILE *out, const struct option_row *rows)
{
    for (; rows->target; rows++) {
        if (!is_key(rows)) continue;
        if (rows->section) fprintf(out, "\n# ---- %s ----\n", rows->section);
        fprintf(out, "\n# %s\n#%s = ", rows->help, rows->name);
        print_value(out, rows);
        fputc('\n', out);
    }
}

enum status config_secret(struct arena *arena, const char *name, const char **secret, struct error *error)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    const char *path = directory && !strchr(name, '/') ? arena_print(arena, "%s/%s", directory, name) : name;
    const char *text = NULL;
    size_t length = 0;
    const enum status status = read_file(arena, path, SECRET_BYTES, &text, &length, error);
    if (status) return status;
    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r')) length--;
    *secret = arena_copy_bytes(arena, text, length);
    return length && strlen(*secret) == length
               ? STATUS_OK
               : error_set(error, STATUS_INPUT, "The file {1} holds no secret: it is empty, or no text.", path);
}
