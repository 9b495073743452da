/* packed.c: a table within a zip archive, unpacked as it is read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "platform/csv/csv.h"

static void close_archive(void *context) { zip_discard(context); }

static void close_entry(void *context) { zip_fclose(context); }

static ptrdiff_t read_entry(void *context, char *bytes, size_t size)
{
    const zip_int64_t count = zip_fread(context, bytes, size);
    if (count < 0) errno = EIO;
    return count;
}

static bool is_zip(const char *path)
{
    char head[4] = "";
    FILE *file = fopen(path, "rb");
    const bool zip = file && fread(head, 1, 4, file) == 4 && memcmp(head, "PK\3\4", 4) == 0;
    if (file) fclose(file);
    return zip;
}

/* The one entry that is a table. */
static zip_int64_t find_table(zip_t *archive)
{
    zip_int64_t found = -1;
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(archive, (zip_uint64_t)i, 0), *dot = name ? strrchr(name, '.') : NULL;
        if (!dot || strcmp(dot, ".csv") != 0) continue;
        if (found >= 0) return -1;
        found = i;
    }
    return found;
}

enum status csv_open_packed(struct arena *arena, const char *path, const struct csv_format *format,
                            struct csv_reader **reader, struct error *error)
{
    if (!is_zip(path)) return csv_open(arena, path, format, reader, error);
    zip_t *archive = zip_open(path, ZIP_RDONLY, NULL);
    if (!archive) return error_set(error, STATUS_INPUT, N_("The archive {1} cannot be read."), path);
    arena_defer(arena, close_archive, archive);
    const zip_int64_t at = find_table(archive);
    if (at < 0) return error_set(error, STATUS_INPUT, N_("The archive {1} does not hold one file .csv."), path);
    zip_file_t *entry = zip_fopen_index(archive, (zip_uint64_t)at, 0);
    if (!entry) return error_set(error, STATUS_INPUT, N_("The archive {1} cannot be read."), path);
    arena_defer(arena, close_entry, entry);
    *reader = csv_open_function(arena, path, read_entry, entry, format);
    return STATUS_OK;
}
