/* What a workbook holds: its sheets, where they are, its styles and shared strings. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/sheet/sheet_private.h"

enum { MOST_SHEETS = 1000, MOST_RELATIONS = 10000 };

struct relation {
    const char *id, *type, *target;
};
struct relations {
    struct arena *arena;
    struct relation *items;
    size_t count, capacity;
};

static void relation_start(void *context, const char *name, const char **attributes)
{
    struct relations *all = context;
    const char *id = part_attribute(attributes, "Id"), *type = part_attribute(attributes, "Type");
    const char *target = part_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !type || !target || all->count == MOST_RELATIONS) return;
    if (all->count == all->capacity) {
        struct relation *larger = ARENA_ARRAY(all->arena, all->capacity * 2 + 16, struct relation);
        if (all->count) memcpy(larger, all->items, all->count * sizeof *larger);
        all->items = larger;
        all->capacity = all->capacity * 2 + 16;
    }
    all->items[all->count++] =
        (struct relation){arena_copy(all->arena, id), arena_copy(all->arena, type), arena_copy(all->arena, target)};
}

/* "xl/workbook.xml" -> "xl/_rels/workbook.xml.rels". */
static const char *relations_part(struct arena *arena, const char *part)
{
    const char *slash = strrchr(part, '/');
    const int folder = slash ? (int)(slash + 1 - part) : 0;
    return arena_print(arena, "%.*s_rels/%s.rels", folder, part, part + folder);
}

static enum status read_relations(struct book *book, const char *part, struct relations *relations, struct error *error)
{
    static const struct part_handlers handlers = {.start = relation_start};
    *relations = (struct relations){.arena = book->arena};
    return part_read(&book->package, relations_part(book->arena, part), &handlers, relations, error);
}

/* A target is relative to the folder of the part, or begins with a slash; "../" goes up. */
static const char *resolve(struct arena *arena, const char *part, const char *target)
{
    if (*target == '/') return target + 1;
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash + 1 - part) : 0;
    while (strncmp(target, "../", 3) == 0 && folder) {
        target += 3;
        for (folder--; folder && part[folder - 1] != '/';) folder--;
    }
    return arena_print(arena, "%.*s%s", (int)folder, part, target);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The first target of a type, such as "/styles"; NULL when there is none. */
static const char *find_target(const struct relations *relations, const char *part, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (ends_with(relations->items[i].type, type))
            return resolve(relations->arena, part, relations->items[i].target);
    return NULL;
}

struct book_parse {
    struct book *book;
    const struct relations *relations;
    const char *part;
};

static bool is_true(const char *value) { return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0); }

static void add_sheet(const struct book_parse *parse, const char *name, const char *id, const char *state)
{
    struct book *book = parse->book;
    for (size_t i = 0; name && id && i < parse->relations->count && book->sheets < MOST_SHEETS; i++) {
        const struct relation *relation = &parse->relations->items[i];
        if (strcmp(relation->id, id) != 0 || !ends_with(relation->type, "/worksheet")) continue;
        book->names[book->sheets] = arena_copy(book->arena, name);
        book->parts[book->sheets] = resolve(book->arena, parse->part, relation->target);
        book->hidden[book->sheets++] = state && strcmp(state, "visible") != 0;
        return;
    }
}

static const char *relation_id(const char **attributes)
{
    for (; *attributes; attributes += 2)
        if (ends_with(*attributes, ":id")) return attributes[1];
    return NULL;
}

static void book_start(void *context, const char *name, const char **attributes)
{
    const struct book_parse *parse = context;
    if (strcmp(name, "workbookPr") == 0) parse->book->from_1904 = is_true(part_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") == 0)
        add_sheet(parse, part_attribute(attributes, "name"), relation_id(attributes),
                  part_attribute(attributes, "state"));
}

static enum status read_book(struct book *book, const char *part, struct error *error)
{
    static const struct part_handlers handlers = {.start = book_start};
    struct relations relations;
    enum status status = read_relations(book, part, &relations, error);
    if (status) return status;
    struct book_parse parse = {book, &relations, part};
    book->names = ARENA_ARRAY(book->arena, MOST_SHEETS, const char *);
    book->parts = ARENA_ARRAY(book->arena, MOST_SHEETS, const char *);
    book->hidden = ARENA_ARRAY(book->arena, MOST_SHEETS, bool);
    status = part_read(&book->package, part, &handlers, &parse, error);
    if (status) return status;
    if (!book->sheets) {
        error_set(error, STATUS_INPUT, N_("The workbook holds no sheet of cells."));
        return error_at(error, book->package.path, 0, 0);
    }
    const char *styles = find_target(&relations, part, "/styles"),
               *strings = find_target(&relations, part, "/sharedStrings");
    if (styles && package_has(&book->package, styles)) status = book_read_styles(book, styles, error);
    if (!status && strings && package_has(&book->package, strings)) status = book_read_strings(book, strings, error);
    return status;
}

static enum status no_workbook(const struct package *package, struct error *error)
{
    if (zip_name_locate(package->archive, "content.xml", 0) >= 0 ||
        zip_name_locate(package->archive, "Index/Document.iwa", 0) >= 0)
        error_set(error, STATUS_INPUT,
                  N_("This is a table of another program (.ods or .numbers): save it as .xlsx or CSV."));
    else if (zip_name_locate(package->archive, "xl/workbook.bin", 0) >= 0)
        error_set(error, STATUS_INPUT, N_("This is a binary Excel file (.xlsb): save it as .xlsx or CSV."));
    else
        error_set(error, STATUS_INPUT, N_("This archive holds no workbook: save the table as .xlsx or CSV."));
    return error_at(error, package->path, 0, 0);
}

enum status book_open(const char *path, const struct sheet_limits *limits, struct book **opened, struct error *error)
{
    struct arena *arena = arena_new();
    struct book *book = ARENA_NEW(arena, struct book);
    book->arena = arena;
    *opened = book;
    struct relations relations = {0};
    enum status status = package_open(&book->package, arena_copy(arena, path), limits, error);
    if (!status && package_has(&book->package, "_rels/.rels")) status = read_relations(book, "", &relations, error);
    if (!status) {
        const char *main_part = find_target(&relations, "", "/officeDocument");
        status = main_part && ends_with(main_part, ".xml") ? read_book(book, main_part, error)
                                                           : no_workbook(&book->package, error);
    }
    if (status) book_close(opened);
    return status;
}

void book_close(struct book **book)
{
    if (!*book) return;
    package_close(&(*book)->package);
    free((*book)->strings.bytes);
    free((*book)->string_at);
    free((*book)->forms);
    struct arena *arena = (*book)->arena;
    arena_free(&arena);
    *book = NULL;
}

enum status book_find(const struct book *book, const char *name, size_t *sheet, struct error *error)
{
    *sheet = 0;
    for (size_t i = 0; i < book->sheets; i++) {
        if (name ? strcmp(name, book->names[i]) != 0 : book->hidden[i]) continue;
        *sheet = i;
        return STATUS_OK;
    }
    if (!name) return STATUS_OK; /* all hidden: the first */
    error_set(error, STATUS_INPUT, N_("The workbook has no sheet {1}; its first is {2}."), name, book->names[0]);
    return error_at(error, book->package.path, 0, 0);
}
