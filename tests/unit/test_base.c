#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/map.h"
#include "base/number.h"
#include "base/time.h"
#include "base/worker.h"

static void ended(void *context) { ++*(int *)context; }

static void test_arena_aligns_and_zeroes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (size_t size = 1; size < 40000; size = size * 2 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    arena_reset(arena);
    const unsigned char *again = arena_alloc(arena, 30000);
    for (size_t i = 0; i < 30000; i++) assert_int_equal(again[i], 0);
    arena_free(&arena);
    assert_null(arena);
}

static void test_arena_runs_what_was_deferred(void **state)
{
    (void)state;
    int count = 0;
    struct arena *arena = arena_new();
    arena_defer(arena, ended, &count);
    arena_reset(arena);
    assert_int_equal(count, 1);
    arena_defer(arena, ended, &count);
    arena_free(&arena);
    assert_int_equal(count, 2);
}

static void expect_number(const char *expected, int64_t scaled, int scale)
{
    char text[NUMBER_TEXT];
    assert_int_equal(number_format(scaled, scale, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void test_numbers_are_those_of_printf(void **state)
{
    (void)state;
    expect_number("0", 0, 0);
    expect_number("0.00", 0, 2);
    expect_number("-0.05", -5, 2);
    expect_number("50.448819", 50448819, 6);
    expect_number("-9223372036854775808", INT64_MIN, 0);
    expect_number("9.223372036854775807", INT64_MAX, 18);
    expect_number("-0.000000000000000001", -1, 18);
    uint64_t seed = 1;
    for (int i = 0; i < 2000; i++) {
        char expected[40];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const int64_t scaled = (int64_t)(seed >> 33) - (1 << 30);
        const int64_t size = scaled < 0 ? -scaled : scaled;
        snprintf(expected, sizeof expected, "%s%lld.%03lld", scaled < 0 ? "-" : "", (long long)(size / 1000),
                 (long long)(size % 1000));
        expect_number(expected, scaled, 3);
    }
}

static void test_arena_prints_texts_of_any_length(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (int width = 250; width < 260; width++) {
        const char *text = arena_print(arena, "%*d", width, 7);
        assert_int_equal(strlen(text), width);
        assert_string_equal(text + width - 1, "7");
    }
    arena_free(&arena);
}

static void test_buffer_keeps_to_its_limit(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buffer *buffer = buffer_new(arena, 10);
    buffer_text(buffer, "12345");
    buffer_print(buffer, "%d", 67890);
    assert_string_equal(buffer_data(buffer), "1234567890");
    assert_false(buffer_overflowed(buffer));
    buffer_char(buffer, 'x');
    assert_true(buffer_overflowed(buffer));
    assert_string_equal(buffer_data(buffer), "1234567890");
    arena_free(&arena);
}

static void test_error_places_its_arguments(void **state)
{
    (void)state;
    struct error error;
    char text[200];
    assert_int_equal(error_field(&error, STATUS_INPUT, "siret", "{2} is not {1}.", "valid", "123"), STATUS_INPUT);
    error_at(&error, "a.csv", 7, 3);
    error_describe(&error, text, sizeof text);
    assert_string_equal(text, "a.csv:7:3: siret: 123 is not valid.");
    error_sentence(&error, "{2} n’est pas {1}", text, 12);
    assert_int_equal(strlen(text), 11);
}

static void test_map_finds_what_it_keeps(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct map *map = map_new(arena), *numbers = map_new(arena);
    for (intptr_t i = 1; i <= 5000; i++) {
        map_put(map, arena_print(arena, "key number %ld", (long)i), (void *)i);
        map_put_number(numbers, i * 1048576, (void *)i);
    }
    for (intptr_t i = 1; i <= 5000; i++) {
        assert_ptr_equal(map_get(map, arena_print(arena, "key number %ld", (long)i)), (void *)i);
        assert_ptr_equal(map_get_number(numbers, i * 1048576), (void *)i);
    }
    assert_null(map_get(map, "key number 0"));
    assert_int_equal(map_size(map), 5000);
    arena_free(&arena);
}

static void test_days_are_those_of_the_calendar(void **state)
{
    (void)state;
    char text[32];
    int64_t day = 0, moment = 0;
    struct tm utc = {0};
    for (int64_t d = -100000; d < 200000; d += 37) {
        const time_t seconds = d * 86400;
        gmtime_r(&seconds, &utc);
        const struct civil date = day_to_civil(d);
        assert_int_equal(date.year, utc.tm_year + 1900);
        assert_int_equal(date.month, utc.tm_mon + 1);
        assert_int_equal(date.day, utc.tm_mday);
        assert_int_equal(day_from_civil(date), d);
    }
    assert_true(day_parse("29/02/2024", &day));
    day_format(day, text);
    assert_string_equal(text, "2024-02-29");
    assert_false(day_parse("2023-02-29", &day));
    assert_false(day_parse("2023-2-9", &day));
    assert_false(day_parse("", &day));
    assert_true(time_parse("2026-11-22T08:30:00.123Z", &moment));
    time_format(moment, text);
    assert_string_equal(text, "2026-11-22T08:30:00.123Z");
    assert_false(time_parse("2026-11-22T24:30:00Z", &moment));
}

static void count_up(void *context)
{
    for (int i = 0; i < 100000; i++) ++*(volatile int *)context;
}

static void test_worker_works_beside_its_owner(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct worker *worker = worker_new(arena);
    int first = 0, second = 0, last = 0;
    worker_wait(worker);
    assert_false(worker_is_busy(worker));
    worker_begin(worker, count_up, &first);
    worker_begin(worker, count_up, &second); /* waits for the first */
    assert_int_equal(first, 100000);
    worker_wait(worker);
    assert_int_equal(second, 100000);
    assert_false(worker_is_busy(worker));
    worker_begin(worker, count_up, &last);
    arena_free(&arena); /* its end waits for the work */
    assert_int_equal(last, 100000);
}

/* What people write, what browsers send, what RFC 3339 says. */
static void test_local_times(void **state)
{
    static const struct {
        const char *text, *wall;
        int64_t ahead; /* minutes; -1: not said */
    } right[] = {{"2026-11-22T08:30", "2026-11-22T08:30:00.000Z", -1},
                 {"2026-11-22 08:30:05", "2026-11-22T08:30:05.000Z", -1},
                 {"22/11/2026 8h30", "2026-11-22T08:30:00.000Z", -1},
                 {"22/11/2026 à 8 h 30", "2026-11-22T08:30:00.000Z", -1},
                 {"22/11/2026 à 8 h", "2026-11-22T08:00:00.000Z", -1},
                 {"22/11/2026, 08:30", "2026-11-22T08:30:00.000Z", -1},
                 {"2026-11-22T08:30:00Z", "2026-11-22T08:30:00.000Z", 0},
                 {"2026-11-22T08:30:00.123+05:30", "2026-11-22T08:30:00.000Z", 330},
                 {"2026-11-22T08:30-01:00", "2026-11-22T08:30:00.000Z", -60}};
    static const char *const wrong[] = {"2026-11-22",           "2026-11-22T",     "08:30",
                                        "2026-11-22T8",         "2026-11-22T08:3", "2026-11-22T24:00",
                                        "2026-02-29T08:30",     "22/11/2026 8h60", "2026-11-22T08:30+1",
                                        "2026-11-22T08:30 bis", "2026-11-2208:30"};
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        int64_t local = 0, ahead = 0;
        char text[32];
        assert_true(time_parse_local(right[i].text, &local, &ahead));
        time_format(local, text);
        assert_string_equal(text, right[i].wall);
        assert_true(ahead == (right[i].ahead == -1 ? INT64_MIN : right[i].ahead * 60000));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t local = 0, ahead = 0;
        if (time_parse_local(wrong[i], &local, &ahead)) fail_msg("%s is read", wrong[i]);
    }
    char text[40];
    time_format_ahead(0, 19800000, text);
    assert_string_equal(text, "1970-01-01T05:30:00+05:30");
    time_format_ahead(0, -3600000, text);
    assert_string_equal(text, "1969-12-31T23:00:00-01:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_aligns_and_zeroes),       cmocka_unit_test(test_arena_runs_what_was_deferred),
        cmocka_unit_test(test_numbers_are_those_of_printf),   cmocka_unit_test(test_arena_prints_texts_of_any_length),
        cmocka_unit_test(test_buffer_keeps_to_its_limit),     cmocka_unit_test(test_error_places_its_arguments),
        cmocka_unit_test(test_map_finds_what_it_keeps),       cmocka_unit_test(test_days_are_those_of_the_calendar),
        cmocka_unit_test(test_worker_works_beside_its_owner), cmocka_unit_test(test_local_times),
    };
    return run_group(tests);
}
