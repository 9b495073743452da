/* fuzz_xlsx.c: the table reader on any file: text of any encoding, archives, workbooks. An input that begins with '<' is taken as the sheet of
 * an otherwise sound workbook, so that mutation reaches behind the archive's checksums. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "platform/sheet/sheet.h"
#include "tests/fuzz/fuzz.h"

#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static void add(zip_t *archive, const char *name, const void *bytes, size_t size)
{
    zip_source_t *source = zip_source_buffer(archive, bytes, size, 0);
    const zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_OVERWRITE);
    if (index < 0) __builtin_trap();
    zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

static void write_workbook(const char *path, const uint8_t *bytes, size_t size)
{
    static const char root[] =
        "<r><Relationship Id='a' Type='" RELATIONS "/officeDocument' Target='xl/workbook.xml'/></r>";
    static const char links[] =
        "<r><Relationship Id='a' Type='" RELATIONS "/worksheet' Target='s.xml'/><Relationship Id='b' Type='" RELATIONS
        "/sharedStrings' Target='t.xml'/><Relationship Id='c' Type='" RELATIONS "/styles' Target='f.xml'/></r>";
    static const char book[] = "<w xmlns:r='r'><sheet name='S' r:id='a'/></w>";
    static const char styles[] = "<s><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='20'/></cellXfs></s>";
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!archive) __builtin_trap();
    add(archive, "_rels/.rels", root, sizeof root - 1);
    add(archive, "xl/_rels/workbook.xml.rels", links, sizeof links - 1);
    add(archive, "xl/workbook.xml", book, sizeof book - 1);
    add(archive, "xl/f.xml", styles, sizeof styles - 1);
    add(archive, "xl/t.xml", bytes, size);
    add(archive, "xl/s.xml", bytes, size);
    if (zip_close(archive) != 0) zip_discard(archive);
}

static void read_all(const char *path)
{
    const struct sheet_limits limits = {16, 1000, 1000, 1 << 20, 100};
    struct sheet_reader *reader = NULL;
    struct error error;
    const char *const *cells = NULL;
    size_t sum = 0;
    if (sheet_open(path, NULL, &limits, &reader, &error)) return;
    const size_t columns = sheet_columns(reader, NULL);
    while (sheet_next(reader, &cells, NULL))
        for (size_t i = 0; i < columns; i++) sum += strlen(cells[i]);
    if (sum > limits.columns * limits.cell_bytes * (size_t)limits.rows) __builtin_trap();
    sheet_close(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/dev/shm/fuzz-xlsx-%d", (int)getpid());
    if (size && *bytes == '<') {
        write_workbook(path, bytes, size);
    } else {
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) __builtin_trap();
    }
    read_all(path);
    unlink(path);
    return 0;
}
