#include "tests/check.h"

#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/sheet/sheet.h"

static struct arena *arena;
static char path[64];

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    strcpy(path, "/tmp/test_sheet_XXXXXX");
    close(mkstemp(path));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    arena_free(&arena);
    return 0;
}

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* "format: name|name / line:cell|cell / ...", or the error. */
static const char *read_path(const char *sheet, const struct sheet_limits *limits)
{
    struct buffer *out = buffer_new(arena, 1 << 22);
    struct sheet_reader *reader = NULL;
    struct error error;
    char *described = arena_alloc(arena, 600);
    if (sheet_open(path, sheet, limits, &reader, &error)) {
        assert_null(reader);
        error.file[0] = '\0';
        error_describe(&error, described, 600);
        return described;
    }
    const char *const *cells = NULL;
    int64_t line = 0;
    const size_t columns = sheet_columns(reader, &cells);
    buffer_print(out, "%s: ", sheet_format(reader));
    for (size_t i = 0; i < columns; i++) buffer_print(out, "%s%s", i ? "|" : "", cells[i]);
    while (sheet_next(reader, &cells, &line)) {
        buffer_print(out, " / %d:", (int)line);
        for (size_t i = 0; i < columns; i++) buffer_print(out, "%s%s", i ? "|" : "", cells[i]);
        if (sheet_row_overflows(reader)) buffer_text(out, "|+");
    }
    if (sheet_fault(reader, &error)) {
        error.file[0] = '\0';
        error_describe(&error, described, 600);
        buffer_print(out, " !! %s", described);
    } else {
        assert_true(sheet_progress(reader) == 1);
    }
    sheet_close(&reader);
    assert_null(reader);
    return buffer_data(out);
}

#define READ(text) (write_file(text, sizeof(text) - 1), read_path(NULL, NULL))

static void test_delimiters(void **state)
{
    (void)state;
    assert_string_equal(READ("a;b;c\n1,5;2,5;3,5\n"), "UTF-8, ;: a|b|c / 2:1,5|2,5|3,5");
    assert_string_equal(READ("a,b\n\"1;2;3\",4\n"), "UTF-8, ,: a|b / 2:1;2;3|4");
    assert_string_equal(READ("a\tb\n1\t2\n"), "UTF-8, tab: a|b / 2:1|2");
    assert_string_equal(READ("a|b\n1|2\n"), "UTF-8, |: a|b / 2:1|2");
    assert_string_equal(READ("sep=;\r\na;b\r\n1;2"), "UTF-8, ;: a|b / 3:1|2");
    assert_string_equal(READ("name\nDupont, Jean\nDurand, Anne\n"), "UTF-8, ,: name / 2:Dupont|+ / 3:Durand|+");
}

static void test_encodings(void **state)
{
    (void)state;
    assert_string_equal(READ("\xef\xbb\xbf"
                             "Région;n\nÎle;1\n"),
                        "UTF-8, ;: Région|n / 2:Île|1");
    assert_string_equal(READ("R\xe9gion;n\n\x80 \x93\xce\x94;1\n"), "Windows-1252, ;: Région|n / 2:€ “Î”|1");
    assert_string_equal(READ("\xff\xfe"
                             "a\0;\0\xe9\0\n\0"
                             "\x3d\xd8\x00\xde;\0"
                             "2\0"),
                        "UTF-16, ;: a|é / 2:😀|2");
    assert_string_equal(READ("\xfe\xff"
                             "\0a\0;\0\xe9\0\n\xd8\x3d\0x\0;\0"
                             "2"),
                        "UTF-16, ;: a|é / 2:\xef\xbf\xbdx|2");
    assert_string_equal(READ("é;é;é;é;é;é;é;é;é;é;é;é\n1;\xff\n"),
                        "UTF-8, ;: é|é|é|é|é|é|é|é|é|é|é|é !! line:2: The text is not UTF-8.");
    assert_string_equal(READ("a;b\r1;2\r3;4\r"), "UTF-8, ;: a|b / 2:1|2 / 3:3|4");
}

static void test_tables_as_people_have_them(void **state)
{
    (void)state;
    assert_string_equal(
        READ("List of needs;;;\n;;;\n Name \xc2\xa0 ;\"Town\nor city\";Sector;\nA;B;C\n;;;\nD;E\nF;G;H;I\n"),
        "UTF-8, ;: Name|Town or city|Sector / 5:A|B|C / 7:D|E| / 8:F|G|H|+");
    assert_string_equal(READ("a;b\n'=1+1;'-5\n'quoted';'\n"), "UTF-8, ;: a|b / 2:=1+1|-5 / 3:'quoted'|'");
    assert_string_equal(READ(""), "The file holds no table: its first lines are empty.");
    assert_string_equal(READ("\n\n \n"), "The file holds no table: its first lines are empty.");
    assert_string_equal(READ("a;b\n1;\"2\n3"), "UTF-8, ;: a|b !! line:2:2: A quote is opened and never closed.");
    assert_string_equal(READ("GIF89a\0\1\2"),
                        "This file is neither text nor a workbook: save the table as .xlsx or CSV.");
    assert_string_equal(READ("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
                        "This is an old Excel file (.xls), or one protected by a password: "
                        "save it as .xlsx without password, or as CSV.");
    unlink(path);
    assert_string_equal(read_path(NULL, NULL), "The file cannot be opened: No such file or directory.");
}

static void test_limits_of_text(void **state)
{
    (void)state;
    const struct sheet_limits limits = {.columns = 2, .cell_bytes = 5, .rows = 2, .expanded_bytes = 1000, .ratio = 10};
    write_file("a;b\n1;123456\n", 13);
    assert_string_equal(read_path(NULL, &limits), "UTF-8, ;: a|b !! line:2:2: The cell is too long.");
    write_file("a;b\n1;2\n3;4\n5;6\n", 16);
    assert_string_equal(read_path(NULL, &limits),
                        "UTF-8, ;: a|b / 2:1|2 / 3:3|4 !! line:4: The file has too many rows.");
    write_file("a;b;c\n", 6);
    assert_string_equal(read_path(NULL, &limits), "line:1: The row has too many columns.");
}

/* ---- workbooks, made part by part ---- */

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"

struct made_part {
    const char *name, *text;
};

static void make_archive(const struct made_part *parts)
{
    unlink(path);
    zip_t *archive = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(archive);
    for (; parts->name; parts++) {
        zip_source_t *source = zip_source_buffer(archive, parts->text, strlen(parts->text), 0);
        assert_true(zip_file_add(archive, parts->name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(archive), 0);
}

#define ROOT \
    { \
        "_rels/.rels", "<Relationships xmlns='" PACKAGE "'><Relationship Id='r1' Type='" RELATIONS \
                       "/officeDocument' Target='xl/workbook.xml'/></Relationships>" \
    }
#define LINKS \
    { \
        "xl/_rels/workbook.xml.rels", \
            "<Relationships xmlns='" PACKAGE "'>" \
            "<Relationship Id='r1' Type='" RELATIONS "/worksheet' Target='worksheets/one.xml'/>" \
            "<Relationship Id='r2' Type='" RELATIONS "/worksheet' Target='/xl/worksheets/two.xml'/>" \
            "<Relationship Id='r3' Type='" RELATIONS "/sharedStrings' Target='sharedStrings.xml'/>" \
            "<Relationship Id='r4' Type='" RELATIONS "/styles' Target='styles.xml'/></Relationships>" \
    }
#define BOOK_OF(properties) \
    { \
        "xl/workbook.xml", "<workbook xmlns='" MAIN "' xmlns:r='" RELATIONS "'><workbookPr " properties "/><sheets>" \
                           "<sheet name='Hidden' sheetId='1' state='hidden' r:id='r2'/><sheet name='Needs' " \
                           "sheetId='2' r:id='r1'/></sheets></workbook>" \
    }
#define BOOK BOOK_OF("")
#define STRINGS \
    { \
        "xl/sharedStrings.xml", "<x:sst xmlns:x='" MAIN "'><x:si><x:t>Name</x:t></x:si>" \
                                "<x:si><x:r><x:t>Ri</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>ch &amp; " \
                                "b</x:t></x:r><x:rPh sb='0' eb='1'><x:t>no</x:t></x:rPh></x:si>" \
                                "<x:si><x:t xml:space='preserve'> a_x000D_b_x005F_ </x:t></x:si><x:si/></x:sst>" \
    }
#define STYLES \
    { \
        "xl/styles.xml", \
            "<styleSheet xmlns='" MAIN "'><numFmts><numFmt numFmtId='164' formatCode='[$-40C]d\\ mmmm\\ yyyy;@'/>" \
            "<numFmt numFmtId='165' formatCode='#,##0.00\\ \"d\"'/><numFmt numFmtId='166' " \
            "formatCode='[h]:mm'/></numFmts>" \
            "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>" \
            "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/><xf " \
            "numFmtId='166'/><xf numFmtId='20'/></cellXfs></styleSheet>" \
    }
#define SHEET(rows) \
    { \
        "xl/worksheets/one.xml", "<worksheet xmlns='" MAIN "'><sheetData>" rows "</sheetData></worksheet>" \
    }
#define MAKE(...) make_archive((const struct made_part[]){__VA_ARGS__, {NULL, NULL}})
#define HEAD \
    "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>x</t></is></c><c r='C1' " \
    "t='str'><f>1+1</f><v>y</v></c></row>"

static void test_cells(void **state)
{
    (void)state;
    MAKE(
        ROOT, LINKS, BOOK, STRINGS, STYLES,
        SHEET(HEAD
              "<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2' t='b'><v>1</v></c><c r='C2' t='e'><v>#N/A</v></c></row>"
              "<row r='3'/><row r='4'><c r='B4'/></row>"
              "<row r='7'><c r='C7'><v>1.1000000000000001</v></c></row>"
              "<row><c><v>12345678900012</v></c><c r='C8'><v>1E-3</v></c></row>"
              "<row r='9'><c r='A9' t='s'><v>2</v></c><c r='B9' t='s'><v>3</v></c><c r='C9' "
              "t='n'><v>0.30000000000000004</v></c></row>"
              "<row r='10'><c r='A10'><v>-1.5E+20</v></c><c r='B10' "
              "t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r></is></c><c r='D10'><v>9</v></c></row>"));
    assert_string_equal(read_path(NULL, NULL),
                        "XLSX, Needs: Name|x|y / 2:Rich & b|true|#N/A / 7:||1.1 / 8:12345678900012||0.001 / "
                        "9: a\rb_ ||0.3 / 10:-150000000000000000000|ab||+");
}

static void test_dates(void **state)
{
    (void)state;
#define DATES \
    SHEET(HEAD "<row r='2'><c r='A2' s='1'><v>46348</v></c><c r='B2' s='2'><v>46348.354166666664</v></c><c r='C2' " \
               "s='3'><v>46348</v></c></row>" \
               "<row r='3'><c r='A3' s='4'><v>1.5</v></c><c r='B3' s='5'><v>0.35416666666666669</v></c><c r='C3' " \
               "s='1'><v>59</v></c></row>" \
               "<row r='4'><c r='A4' s='1'><v>60</v></c><c r='B4' s='1'><v>61</v></c><c r='C4' " \
               "s='1'><v>99999999</v></c></row>" \
               "<row r='5'><c r='A5' t='d'><v>2026-11-22T00:00:00</v></c><c r='B5' s='1'><v>0.9999999</v></c><c " \
               "r='C5' s='99'><v>5</v></c></row>")
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, DATES);
    assert_string_equal(read_path(NULL, NULL),
                        "XLSX, Needs: Name|x|y / 2:2026-11-22|2026-11-22T08:30:00|46348 / 3:1.5|08:30:00|1900-02-28 / "
                        "4:60|1900-03-01|99999999 / 5:2026-11-22|1900-01-01|5");
    MAKE(ROOT, LINKS, BOOK_OF("date1904='1'"), STRINGS, STYLES,
         SHEET(HEAD "<row r='2'><c r='A2' s='1'><v>44886</v></c><c r='B2' s='1'><v>0</v></c></row>"));
    assert_string_equal(read_path(NULL, NULL), "XLSX, Needs: Name|x|y / 2:2026-11-22|1904-01-01|");
}

static void test_sheet_is_chosen(void **state)
{
    (void)state;
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, SHEET(HEAD),
         {"xl/worksheets/two.xml",
          "<worksheet><sheetData><row><c t='str'><v>only</v></c></row></sheetData></worksheet>"});
    assert_string_equal(read_path("Hidden", NULL), "XLSX, Hidden: only");
    assert_string_equal(read_path("Other", NULL), "The workbook has no sheet Other; its first is Hidden.");
    struct sheet_reader *reader = NULL;
    const char *const *names = NULL;
    assert_int_equal(sheet_open(path, NULL, NULL, &reader, NULL), STATUS_OK);
    assert_int_equal(sheet_names(reader, &names), 2);
    assert_string_equal(names[1], "Needs");
    sheet_close(&reader);
}

static void test_damaged_workbooks(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *answer;
    } cases[] = {
        {HEAD "<row r='2'><c t='s'><v>9</v></c></row>", "XLSX, Needs: Name|x|y !! line:2: A cell refers to a text that "
                                                        "the workbook does not hold: save it again, or as CSV."},
        {HEAD "<row r='2'><c t='s'><v>0</v></row>",
         "XLSX, Needs: Name|x|y !! line:2: The workbook's XML is wrong (mismatched tag): save it again, or as CSV."},
        {HEAD "<row r='1048577'><c><v>0</v></c></row>",
         "XLSX, Needs: Name|x|y !! line:1048577: The sheet has a row beyond the last possible one."},
        {HEAD "<row r='2'><c r='ZZZZZZZZ2'><v>0</v></c></row>",
         "XLSX, Needs: Name|x|y !! line:2: The row has too many columns."},
        {HEAD "<row r='2'><c r='2'><v>not a number</v></c></row>", "XLSX, Needs: Name|x|y / 2:not a number||"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *sheet = arena_print(arena, "<worksheet><sheetData>%s</sheetData></worksheet>", cases[i].rows);
        MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, {"xl/worksheets/one.xml", sheet});
        assert_string_equal(read_path(NULL, NULL), cases[i].answer);
    }
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES);
    assert_string_equal(read_path(NULL, NULL),
                        "The workbook lacks its part xl/worksheets/one.xml: save it again, or as CSV.");
    MAKE({"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"});
    assert_string_equal(read_path(NULL, NULL),
                        "This is a table of another program (.ods or .numbers): save it as .xlsx or CSV.");
    MAKE({"a.txt", "a"});
    assert_string_equal(read_path(NULL, NULL), "This archive holds no workbook: save the table as .xlsx or CSV.");
}

/* Cut anywhere, a workbook is refused or read, never worse. */
static void test_truncated_workbooks(void **state)
{
    (void)state;
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, SHEET(HEAD));
    char whole[8192];
    FILE *file = fopen(path, "rb");
    const size_t length = fread(whole, 1, sizeof whole, file);
    fclose(file);
    assert_in_range(length, 1000, sizeof whole - 1);
    for (size_t cut = 0; cut < length; cut += 13) {
        write_file(whole, cut);
        assert_null(strstr(read_path(NULL, NULL), "XLSX, Needs: Name|x|y"));
    }
}

static void test_entities_are_refused(void **state)
{
    (void)state;
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES,
         {"xl/worksheets/one.xml", "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
                                   "'&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><worksheet><sheetData><row><c><v>&b;</v></c></"
                                   "row></sheetData></worksheet>"});
    assert_string_equal(read_path(NULL, NULL), "The workbook's XML declares a document type, which is refused.");
    MAKE(ROOT, LINKS, BOOK, {"xl/sharedStrings.xml", "<!DOCTYPE sst SYSTEM 'file:///etc/passwd'><sst/>"}, STYLES,
         SHEET(HEAD));
    assert_string_equal(read_path(NULL, NULL), "The workbook's XML declares a document type, which is refused.");
}

static const char *repeated(const char *before, const char *text, size_t times, const char *after)
{
    struct buffer *out = buffer_new(arena, (size_t)1 << 28);
    buffer_text(out, before);
    for (size_t i = 0; i < times; i++) buffer_text(out, text);
    buffer_text(out, after);
    return buffer_data(out);
}

static void test_bombs(void **state)
{
    (void)state;
    const char *rows = repeated("<worksheet><sheetData>", HEAD, 400000, "</sheetData></worksheet>");
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, {"xl/worksheets/one.xml", rows});
    const char *answer = read_path(NULL, &(struct sheet_limits){400, 1000, INT64_MAX, INT64_C(1) << 30, 50});
    assert_non_null(strstr(answer, "The workbook expands more than a real one does: it is refused."));
    answer = read_path(NULL, &(struct sheet_limits){400, 1000, INT64_MAX, 1 << 20, 100000});
    assert_non_null(strstr(answer, "The workbook is too large once expanded."));
    answer = read_path(NULL, &(struct sheet_limits){400, 1000, 10, INT64_C(1) << 30, 100000});
    assert_non_null(strstr(answer, "The file has too many rows."));
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES,
         {"xl/worksheets/one.xml", repeated("<worksheet ", "                ", 200000, "/>")});
    assert_string_equal(read_path(NULL, &(struct sheet_limits){400, 1000, 10, INT64_C(1) << 30, 100000}),
                        "The workbook's XML holds too long a tag.");
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES, {"xl/worksheets/one.xml", repeated("", "<a>", 200000, "")});
    assert_string_equal(read_path(NULL, NULL), "The workbook's XML is nested too deeply.");
    MAKE(ROOT, LINKS, BOOK, STRINGS, STYLES,
         {"xl/worksheets/one.xml",
          repeated("<worksheet><row><c t='str'><v>", "0123456789", 11000, "</v></c></row></worksheet>")});
    assert_string_equal(read_path(NULL, NULL), "line:1: The cell is too long.");
}

/* ---- out, and back ---- */

static enum status to_file(void *context, const char *bytes, size_t length, struct error *error)
{
    return fwrite(bytes, 1, length, context) == length ? STATUS_OK : error_set(error, STATUS_FAULT, "full");
}

static const struct sheet_column columns[] = {
    {"Nom", CELL_TEXT, 0}, {"Montant (€)", CELL_NUMBER, 2}, {"Jour", CELL_DAY, 0}, {"Site", CELL_LINK, 0}};
static const char *const notes[] = {"Source", "Maillage", "Date", "22 novembre 2026"};

static void write_table(enum sheet_type type)
{
    struct sheet_writer *writer = NULL;
    FILE *file = fopen(path, "wb");
    assert_int_equal(sheet_write_open(type, columns, 4, notes, 2, to_file, file, &writer, NULL), STATUS_OK);
    sheet_put_text(writer, "=1+1 ; \"é\", a\nb");
    sheet_put_number(writer, -5);
    sheet_put_day(writer, day_from_civil((struct civil){2026, 11, 22}));
    sheet_put_text(writer, "https://example.org/?a=1&b=2");
    assert_int_equal(sheet_end_row(writer, NULL), STATUS_OK);
    sheet_put_text(writer, "+33 1");
    sheet_put_empty(writer);
    sheet_put_day(writer, day_from_civil((struct civil){1900, 2, 28}));
    sheet_put_text(writer, "javascript:alert(1)");
    assert_int_equal(sheet_end_row(writer, NULL), STATUS_OK);
    sheet_put_text(writer, NULL);
    sheet_put_number(writer, INT64_MAX);
    sheet_put_day(writer, day_from_civil((struct civil){1850, 1, 2}));
    assert_int_equal(sheet_end_row(writer, NULL), STATUS_OK);
    assert_int_equal(sheet_write_close(&writer, NULL), STATUS_OK);
    assert_null(writer);
    fclose(file);
}

static void test_round_trips(void **state)
{
    (void)state;
    write_table(SHEET_CSV_SEMICOLON);
    assert_string_equal(
        read_path(NULL, NULL),
        "UTF-8, ;: Nom|Montant (€)|Jour|Site / 2:=1+1 ; \"é\", a\nb|-0,05|2026-11-22|https://example.org/?a=1&b=2 / "
        "4:+33 1||1900-02-28|javascript:alert(1) / 5:|92233720368547758,07|1850-01-02|");
    write_table(SHEET_CSV_COMMA);
    assert_string_equal(
        read_path(NULL, NULL),
        "UTF-8, ,: Nom|Montant (€)|Jour|Site / 2:=1+1 ; \"é\", a\nb|-0.05|2026-11-22|https://example.org/?a=1&b=2 / "
        "4:+33 1||1900-02-28|javascript:alert(1) / 5:|92233720368547758.07|1850-01-02|");
    write_table(SHEET_XLSX);
    assert_string_equal(
        read_path(NULL, NULL),
        "XLSX, Table: Nom|Montant (€)|Jour|Site / 2:=1+1 ; \"é\", a\nb|-0.05|2026-11-22|https://example.org/?a=1&b=2 / "
        "3:+33 1||1900-02-28|javascript:alert(1) / 4:|92233720368547758.07|1850-01-02|");
    assert_string_equal(read_path("Source", NULL), "XLSX, Source: Source|Maillage / 2:Date|22 novembre 2026");
}

static void test_csv_is_neutralised(void **state)
{
    (void)state;
    char bytes[400] = "";
    write_table(SHEET_CSV_SEMICOLON);
    FILE *file = fopen(path, "rb");
    const size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    assert_true(length > 10);
    assert_memory_equal(bytes, "\xef\xbb\xbfNom;Montant (€);Jour;Site\r\n\"'=1+1 ; \"\"é\"\", a\nb\";-0,05;2026-11-22;",
                        71);
    assert_non_null(strstr(bytes, "\r\n\"'+33 1\";;"));
}

static void test_long_and_odd_texts(void **state)
{
    (void)state;
    struct sheet_writer *writer = NULL;
    FILE *file = fopen(path, "wb");
    assert_int_equal(sheet_write_open(SHEET_XLSX, columns, 1, NULL, 0, to_file, file, &writer, NULL), STATUS_OK);
    sheet_put_text(writer, repeated("", "é", 40000, ""));
    assert_int_equal(sheet_end_row(writer, NULL), STATUS_OK);
    sheet_put_text(writer, " tab\there \x01 _x0041_ <&> ");
    assert_int_equal(sheet_end_row(writer, NULL), STATUS_OK);
    assert_int_equal(sheet_write_close(&writer, NULL), STATUS_OK);
    fclose(file);
    assert_string_equal(
        read_path(NULL, NULL),
        arena_print(arena, "XLSX, Table: Nom / 2:%s / 3: tab\there \x01 _x0041_ <&> ", repeated("", "é", 32767, "")));
    assert_non_null(strstr(read_path("Source", NULL), "1"));
}

static enum status to_full_disk(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)context, (void)bytes, (void)length;
    return error_set(error, STATUS_FAULT, "The disk is full.");
}

static void test_a_sink_that_fails(void **state)
{
    (void)state;
    static const enum sheet_type types[] = {SHEET_CSV_COMMA, SHEET_XLSX};
    for (size_t i = 0; i < 2; i++) {
        struct sheet_writer *writer = NULL;
        struct error error = {0};
        assert_int_equal(sheet_write_open(types[i], columns, 4, NULL, 0, to_full_disk, NULL, &writer, &error),
                         STATUS_OK);
        assert_int_equal(sheet_write_close(&writer, &error), STATUS_FAULT);
        assert_string_equal(error.message, "The disk is full.");
        assert_null(writer);
    }
}

static void test_rows_of_a_workbook_end(void **state)
{
    (void)state;
    struct sheet_writer *writer = NULL;
    struct error error = {0};
    assert_int_equal(sheet_write_open(SHEET_XLSX, columns, 1, NULL, 0, to_full_disk, NULL, &writer, NULL), STATUS_OK);
    int64_t rows = 0;
    while (sheet_end_row(writer, &error) == STATUS_OK) rows++;
    assert_int_equal(rows, 1048575);
    assert_int_equal(error.status, STATUS_LIMIT);
    sheet_write_abandon(&writer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_delimiters),
        TEST(test_encodings),
        TEST(test_tables_as_people_have_them),
        TEST(test_limits_of_text),
        TEST(test_cells),
        TEST(test_dates),
        TEST(test_sheet_is_chosen),
        TEST(test_damaged_workbooks),
        TEST(test_truncated_workbooks),
        TEST(test_entities_are_refused),
        TEST(test_bombs),
        TEST(test_round_trips),
        TEST(test_csv_is_neutralised),
        TEST(test_long_and_odd_texts),
        TEST(test_a_sink_that_fails),
        TEST(test_rows_of_a_workbook_end),
    };
    return run_group(tests);
}
