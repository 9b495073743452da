#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/config.h"

static struct {
    const char *config, *name, *file;
    int64_t number;
    bool flag;
    struct option_list list;
} got;

static const struct option_row rows[] = {
    {"config", "FILE", "a file", OPTION_FILE, false, &got.config, NULL},
    {"name", "NAME", "what it is called", OPTION_TEXT, false, &got.name, "People"},
    {"file", "FILE", "a file", OPTION_TEXT, false, &got.file, NULL},
    {"number", "NUMBER", "how many", OPTION_NUMBER, false, &got.number, NULL},
    {"flag", NULL, "whether", OPTION_FLAG, false, &got.flag, NULL},
    {"each", "ADDRESS", "again for more", OPTION_LIST, false, &got.list, NULL},
    {.target = NULL},
};

static struct arena *arena;

static int start(void **state)
{
    (void)state;
    memset(&got, 0, sizeof got);
    got.name = "before";
    arena = arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum status read(const char *text, struct error *error)
{
    return config_read(arena, "site.conf", text, strlen(text), rows, error);
}

static void test_values_are_read(void **state)
{
    (void)state;
    struct error error = {0};
    const char *text = "# a comment\r\n\n  name =  Le réseau # de l’Est = ici \r\nnumber=12\nflag = yes\n"
                       "each = 10.0.0.1\neach = fd00::/8";
    assert_int_equal(read(text, &error), STATUS_OK);
    assert_string_equal(got.name, "Le réseau # de l’Est = ici");
    assert_int_equal(got.number, 12);
    assert_true(got.flag);
    assert_int_equal(got.list.count, 2);
    assert_string_equal(got.list.values[1], "fd00::/8");
    assert_null(got.file);
}

static void test_the_command_line_wins(void **state)
{
    (void)state;
    struct error error = {0};
    const char *words[] = {"--name", "after", "--each", "::1", "--each", "::2"};
    assert_int_equal(options_read(6, (char **)(uintptr_t)words, rows, &error), STATUS_OK);
    assert_int_equal(read("name = file\nnumber = 3\neach = 10.0.0.1\n", &error), STATUS_OK);
    assert_int_equal(got.list.count, 1);
    assert_int_equal(options_read(6, (char **)(uintptr_t)words, rows, &error), STATUS_OK);
    assert_string_equal(got.name, "after");
    assert_int_equal(got.number, 3);
    assert_int_equal(got.list.count, 2);
    assert_string_equal(got.list.values[0], "::1");
}

static void test_a_file_without_a_list_leaves_it_to_the_command_line(void **state)
{
    (void)state;
    struct error error = {0};
    const char *words[] = {"--each", "::1"};
    assert_int_equal(options_read(2, (char **)(uintptr_t)words, rows, &error), STATUS_OK);
    assert_int_equal(read("number = 3\n", &error), STATUS_OK);
    assert_int_equal(options_read(2, (char **)(uintptr_t)words, rows, &error), STATUS_OK);
    assert_int_equal(got.list.count, 1);
}

static void test_faults_say_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t line;
    } wrong[] = {{"name = a\nnmae = b\n", 2}, {"name = a\nname = b", 2}, {"\n\nname =   \n", 3},
                 {"number = twelve", 1},      {"flag = true", 1},        {"just words", 1},
                 {"config = other.conf", 1},  {"name = a\x01", 1},       {"= a", 1},
                 {"number = 1\n\nname\n", 3}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error error = {0};
        assert_int_equal(read(wrong[i].text, &error), STATUS_INPUT);
        assert_int_equal(error.line, wrong[i].line);
        assert_string_equal(error.file, "site.conf");
    }
}

static void test_what_is_printed_changes_nothing(void **state)
{
    (void)state;
    struct error error = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    got.number = 7;
    config_print(out, rows);
    fclose(out);
    assert_non_null(strstr(text, "# ---- People ----\n\n# what it is called\n#name = before\n"));
    assert_non_null(strstr(text, "#number = 7\n"));
    assert_non_null(strstr(text, "#flag = no\n"));
    assert_null(strstr(text, "config"));
    got.number = 8;
    assert_int_equal(config_read(arena, "printed", text, length, rows, &error), STATUS_OK);
    assert_int_equal(got.number, 8);
    strstr(text, "\n#number")[1] = ' ';
    assert_int_equal(config_read(arena, "printed", text, length, rows, &error), STATUS_OK);
    assert_int_equal(got.number, 7);
    free(text);
}

static void write_file(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static void test_secrets_come_from_files(void **state)
{
    (void)state;
    struct error error = {0};
    const char *secret = NULL;
    char folder[] = "/tmp/maillage-config-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = arena_print(arena, "%s/secret", folder);
    write_file(path, "postgresql://me:s3cret@db/x\n", 28);
    assert_int_equal(config_secret(arena, path, &secret, &error), STATUS_OK);
    assert_string_equal(secret, "postgresql://me:s3cret@db/x");
    assert_int_equal(config_secret(arena, "secret", &secret, &error), STATUS_INPUT);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_int_equal(config_secret(arena, "secret", &secret, &error), STATUS_OK);
    unsetenv("CREDENTIALS_DIRECTORY");
    write_file(path, "\n", 1);
    assert_int_equal(config_secret(arena, path, &secret, &error), STATUS_INPUT);
    write_file(path, "a\0b", 3);
    assert_int_equal(config_secret(arena, path, &secret, &error), STATUS_INPUT);
    write_file(path, arena_alloc(arena, 5000), 5000);
    assert_int_equal(config_secret(arena, path, &secret, &error), STATUS_LIMIT);
    remove(path);
    remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values_are_read, start, end),
        cmocka_unit_test_setup_teardown(test_the_command_line_wins, start, end),
        cmocka_unit_test_setup_teardown(test_a_file_without_a_list_leaves_it_to_the_command_line, start, end),
        cmocka_unit_test_setup_teardown(test_faults_say_where, start, end),
        cmocka_unit_test_setup_teardown(test_what_is_printed_changes_nothing, start, end),
        cmocka_unit_test_setup_teardown(test_secrets_come_from_files, start, end),
    };
    return run_group(tests);
}
