/* test_record.c: what every kind must pass, and the rights, versions, history and erasure of records. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/file/file.h"
#include "platform/record/json.h"
#include "platform/record/readings.h"
#include "platform/record/schema.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/equipment.h"
#include "product/kinds/event.h"
#include "product/kinds/kinds.h"
#include "product/kinds/practice.h"
#include "product/kinds/visit.h"

static void test_migrations_equal_the_field_tables(void **state)
{
    (void)state;
    if (database_engine() != DB_SQLITE) return; /* the schema is read by a pragma */
    struct world world = world_begin();
    struct error error = {0};
    const char *sql = NULL;
    check_ok(schema_difference(world.db, world.arena, product_kinds, &sql, &error), &error);
    assert_null(sql);
    world_end(&world);
}

static const struct need *need_of(struct world *world, int64_t id)
{
    struct error error = {0};
    struct record_context context = world_program(world);
    void *record = NULL;
    check_ok(record_load(&context, &need_kind, id, &record, &error), &error);
    return record;
}

static enum status change_field(struct world *world, const struct kind *kind, int64_t id, int64_t version,
                                const char *field, const char *text)
{
    struct error error = {0};
    struct record_context context = world_program(world);
    const struct input item = {field, text};
    const struct inputs inputs = {&item, 1};
    struct faults faults = {.count = 0};
    struct record_change change = {.id = id, .version = version, .inputs = &inputs, .faults = &faults};
    return record_write(&context, kind, &change, &error);
}

static void test_fields_fill_themselves_as_their_rows_say(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t company = world_organisation(&world, "Une", "company", "59350");
    const int64_t id = world_need(&world, 0, "Former au soudage", company, AUDIENCE_PUBLIC);
    const struct need *need = need_of(&world, id);
    assert_string_equal(need->sector.value, "25.62B");
    assert_string_equal(need->place.commune, "59350");
    assert_string_equal(need->region.value, "R32");
    assert_string_equal(need->departement.value, "59");
    assert_string_equal(need->skills.value, "metal.welding");
    assert_int_equal(need->filed.day, time_today());
    /* The company moves: the need keeps the sector that it was filed under; an emptied place is taken anew. */
    assert_int_equal(change_field(&world, &organisation_kind, company, 1, "sector", "62.01Z"), STATUS_OK);
    assert_int_equal(change_field(&world, &organisation_kind, company, 2, "place", "93066"), STATUS_OK);
    assert_int_equal(change_field(&world, &need_kind, id, 1, "skills", ""), STATUS_OK);
    need = need_of(&world, id);
    assert_string_equal(need->sector.value, "25.62B");
    assert_string_equal(need->region.value, "R32");
    assert_null(need->skills.value); /* proposed once: who empties them wants none */
    assert_int_equal(change_field(&world, &need_kind, id, 2, "place", ""), STATUS_OK);
    assert_string_equal(need_of(&world, id)->region.value, "R11");
    assert_int_equal(change_field(&world, &need_kind, id, 3, "region", "R32"), STATUS_INPUT);
    world_end(&world);
}

/* What references may point to. */
struct pointed {
    int64_t organisation, need, event, practice, equipment, visit;
    int64_t officer; /* who may read all of them */
};

static const char *number(struct world *world, int64_t id) { return arena_print(world->arena, "%lld", (long long)id); }

static struct pointed make_pointed(struct world *world)
{
    const int64_t organisation = world_organisation(world, "Une", "company", "59350");
    const int64_t member = world_account(world, "member@exemple.fr", "member", organisation);
    const char *own = number(world, organisation);
    const struct input event[] = {
        {"title", "Rencontre"}, {"type", "meeting"}, {"organiser", own}, {"starts", "2036-07-01T14:30"}, {NULL, NULL}};
    const struct input practice[] = {
        {"title", "Faire"}, {"organisation", own}, {"context", "Ici"}, {"results", "Fait"}, {NULL, NULL}};
    const struct input equipment[] = {{"title", "Banc"},    {"type", "machine"}, {"organisation", own},
                                      {"description", "x"}, {"access", "y"},     {"price_per", "day"},
                                      {NULL, NULL}};
    const int64_t cluster = world_organisation(world, "Pôle", "cluster", "59350");
    const int64_t officer = world_account(world, "officer@exemple.fr", "officer", cluster);
    const struct input visit[] = {
        {"company", own}, {"cluster", number(world, cluster)}, {"day", "2026-01-15"}, {NULL, NULL}};
    return (struct pointed){organisation,
                            world_need(world, member, "Un besoin", organisation, AUDIENCE_PUBLIC),
                            world_file(world, member, &event_kind, event),
                            world_file(world, member, &practice_kind, practice),
                            world_file(world, member, &equipment_kind, equipment),
                            world_file(world, officer, &visit_kind, visit),
                            officer};
}

static int64_t pointed_id(const struct pointed *pointed, const char *kind)
{
    const struct {
        const char *kind;
        int64_t id;
    } ids[] = {{"organisation", pointed->organisation}, {"need", pointed->need},           {"event", pointed->event},
               {"practice", pointed->practice},         {"equipment", pointed->equipment}, {"visit", pointed->visit}};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(ids[i].kind, kind) == 0) return ids[i].id;
    fail_msg("no record of the kind %s was made", kind);
    return 0;
}

/* A text that the field accepts. */
static const char *sample(struct record_context *context, const struct field *field, const struct pointed *pointed)
{
    static const char *const samples[FIELD_TYPES] = {[FIELD_TEXT] = "Énergie « verte » & <b>l’œuvre</b>",
                                                     [FIELD_MARKDOWN] = "# Titre\n\n- *un*",
                                                     [FIELD_LINK] = "https://www.exemple.fr/a?b=c",
                                                     [FIELD_EMAIL] = "ada@exemple.fr",
                                                     [FIELD_TELEPHONE] = "+33123456789",
                                                     [FIELD_SIREN] = "732829320",
                                                     [FIELD_SIRET] = "73282932000074",
                                                     [FIELD_DECIMAL] = "12.5",
                                                     [FIELD_MONEY] = "1234.50",
                                                     [FIELD_DATE] = "2026-02-28",
                                                     [FIELD_MOMENT] = "2026-07-01T14:30:00+02:00",
                                                     [FIELD_PERIOD] = "2026-01-01/2026-03-31",
                                                     [FIELD_YESNO] = "1",
                                                     [FIELD_PLACE] = "59350 50.632971,3.057256"};
    const struct vocabulary_code **codes = NULL;
    if (field->type == FIELD_INTEGER) return "42";
    if (field->type == FIELD_DECIMAL && field->number.scale == 2) return "12.50";
    if (field->type == FIELD_CHOICE) return field->choice.options[0].value;
    if (field->type == FIELD_REFERENCE || field->type == FIELD_REFERENCES)
        return arena_print(context->arena, "%lld", (long long)pointed_id(pointed, field->reference.to));
    if (field->type == FIELD_FILE) {
        static const struct file_given file = {"a.pdf", "%PDF-1.7\n", 9};
        struct error error = {0};
        int64_t id = 0;
        check_ok(file_store(context->records->db, context->arena, &file, pointed->organisation,
                            context->viewer->account, 0, &id, &error),
                 &error);
        return arena_print(context->arena, "%lld", (long long)id);
    }
    if (field->type != FIELD_CODE && field->type != FIELD_CODES) return samples[field->type];
    assert_true(vocabulary_list(context->records->vocabulary, context->arena, field->code.scheme, field->code.level,
                                NULL, &codes) > 1);
    return field->type == FIELD_CODE ? codes[0]->code
                                     : arena_print(context->arena, "%s;%s", codes[1]->code, codes[0]->code);
}

static void test_every_field_goes_round(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct record_context context = world_program(&world);
    const struct pointed pointed = make_pointed(&world);
    context = world_as(&world, pointed.officer);
    for (const struct kind *const *kind = product_kinds; *kind; kind++) {
        void *record = record_new(&context, *kind);
        for (const struct field *field = (*kind)->fields; field->name; field++) {
            struct error error = {0};
            const char *text = sample(&context, field, &pointed);
            assert_null(field_text(&context, field, record));
            check_ok(field_type(field)->parse(&context, field, text, field_member(field, record), &error), &error);
            if (field->type == FIELD_FILE)
                assert_true(strncmp(field_text(&context, field, record), "a.pdf (BLAKE2b ", 15) == 0);
            else
                assert_string_equal(field_text(&context, field, record), text);
            if (field_type(field)->show) assert_non_null(field_show(&context, field, record));
        }
    }
    world_end(&world);
}

static void test_every_kind_goes_through_json(void **state)
{
    (void)state;
    struct world world = world_begin();
    const struct pointed pointed = make_pointed(&world);
    struct record_context context = world_as(&world, pointed.officer);
    for (const struct kind *const *kind = product_kinds; *kind; kind++) {
        void *record = record_new(&context, *kind);
        struct inputs inputs;
        struct faults faults = {.count = 0};
        struct error error = {0};
        int64_t version = 0;
        for (const struct field *field = (*kind)->fields; field->name; field++)
            check_ok(field_type(field)->parse(&context, field, sample(&context, field, &pointed),
                                              field_member(field, record), &error),
                     &error);
        struct buffer *json = buffer_new(world.arena, 100000), *fields = buffer_new(world.arena, 100000);
        json_record(json, &context, *kind, record);
        /* Without the head, which is not an input: from the first field on. */
        const char *first = strstr(buffer_data(json), (*kind)->fields[0].name);
        buffer_print(fields, "{\"version\": 3, \"%s", first);
        check_ok(json_inputs(&context, *kind, buffer_data(fields), buffer_length(fields), &inputs, &version, &faults,
                             &error),
                 &error);
        assert_int_equal(version, 3);
        for (const struct field *field = (*kind)->fields; field->name; field++) {
            void *again = record_new(&context, *kind);
            assert_non_null(input_text(&inputs, field->name));
            check_ok(field_type(field)->parse(&context, field, input_text(&inputs, field->name),
                                              field_member(field, again), &error),
                     &error);
            assert_string_equal(field_text(&context, field, again), field_text(&context, field, record));
        }
    }
    world_end(&world);
}

static void test_json_refuses_what_is_no_field(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct record_context context = world_program(&world);
    static const char *const bad[] = {"",
                                      "[]",
                                      "{\"title\": }",
                                      "{\"nothing\": 1}",
                                      "{\"title\": {\"a\": 1}}",
                                      "{\"title\": \"a\", \"title\": \"b\"}",
                                      "nul"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct inputs inputs;
        struct faults faults = {.count = 0};
        struct error error = {0};
        int64_t version = 0;
        assert_int_equal(json_inputs(&context, &need_kind, bad[i], strlen(bad[i]), &inputs, &version, &faults, &error),
                         STATUS_INPUT);
    }
    world_end(&world);
}

static void check_refused(struct record_context *context, const char *name, const struct kind *kind, const char *text)
{
    struct error error = {0};
    const struct field *field = kind_field(kind, name);
    void *record = record_new(context, kind);
    const enum status status = field_type(field)->parse(context, field, text, field_member(field, record), &error);
    if (status == STATUS_OK) fail_msg("%s accepts %s", name, text);
    assert_string_equal(error.field, name);
}

static void test_wrong_texts_are_refused(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct record_context context = world_program(&world);
    static const struct {
        const char *field, *text;
    } organisation[] = {{"siren", "732829321"},
                        {"siren", "73282932"},
                        {"siren", "ABCDEFGHI"},
                        {"siret", "73282932000075"},
                        {"website", "javascript:alert(1)"},
                        {"website", "ftp://a.fr"},
                        {"website", "https://"},
                        {"email", "a@b"},
                        {"email", "a b@c.fr"},
                        {"email", "a@@c.fr"},
                        {"telephone", "12"},
                        {"telephone", "n/a"},
                        {"place", "Atlantide"},
                        {"place", "59350 91.0,3.0"},
                        {"sector", "99.99Z"},
                        {"headcount", "dix"},
                        {"headcount", "12,5"},
                        {"headcount", "99999999999999999999"},
                        {"headcount", "-1"},
                        {"type", "Roi"},
                        {"strategic_sectors", "eau;feu"}};
    static const struct {
        const char *field, *text;
    } need[] = {{"start", "2026-02-29"}, {"start", "31/04/2026"}, {"start", "demain"},
                {"company", "12"},       {"company", "Personne"}, {"title", "deux\nlignes"}};
    for (size_t i = 0; i < sizeof organisation / sizeof *organisation; i++)
        check_refused(&context, organisation[i].field, &organisation_kind, organisation[i].text);
    for (size_t i = 0; i < sizeof need / sizeof *need; i++)
        check_refused(&context, need[i].field, &need_kind, need[i].text);
    world_end(&world);
}

static void test_texts_of_people_are_read(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct record_context context = world_program(&world);
    static const struct {
        const char *field, *text, *canonical;
    } texts[] = {{"siren", "732 829 320", "732829320"},
                 {"siret", "356 000 000 00048", "35600000000048"},
                 {"siret", "35600000049837", "35600000049837"},
                 {"telephone", "01 23 45 67 89", "+33123456789"},
                 {"telephone", "0033 1 23 45 67 89", "+33123456789"},
                 {"website", "exemple.fr", "https://exemple.fr"},
                 {"headcount", "1 234", "1234"},
                 {"headcount", "1 234", "1234"},
                 {"place", "lille", "59350"},
                 {"place", "Saint-Denis (93)", "93066"},
                 {"sector", "Mécanique industrielle", "25.62B"},
                 {"strategic_sectors", "EAU\nbois", "eau;bois"},
                 {"type", "entreprise", "company"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error error = {0};
        const struct field *field = kind_field(&organisation_kind, texts[i].field);
        void *record = record_new(&context, &organisation_kind);
        check_ok(field_type(field)->parse(&context, field, texts[i].text, field_member(field, record), &error), &error);
        assert_string_equal(field_text(&context, field, record), texts[i].canonical);
    }
    world_end(&world);
}

static enum status change(struct record_context *context, int64_t id, int64_t version, const char *field,
                          const char *text, struct error *error)
{
    const struct input item = {field, text};
    const struct inputs inputs = {&item, 1};
    struct faults faults = {.count = 0};
    struct record_change written = {.id = id, .version = version, .inputs = &inputs, .faults = &faults};
    const enum status status = record_write(context, &need_kind, &written, error);
    if (status == STATUS_INPUT && faults.count) *error = faults.items[0];
    return status;
}

static void test_versions_conflict_and_history_tells(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t company = world_organisation(&world, "Une", "company", "59350");
    const int64_t account = world_account(&world, "a@exemple.fr", "member", company);
    const int64_t id = world_need(&world, account, "Deux soudeurs", company, AUDIENCE_NETWORK);
    struct record_context context = world_as(&world, account);
    check_ok(change(&context, id, 1, "title", "Trois soudeurs", &error), &error);
    assert_int_equal(change(&context, id, 1, "title", "Quatre", &error), STATUS_CONFLICT);
    check_ok(change(&context, id, 2, "contact", "Bob Contact", &error), &error);
    check_ok(record_change_state(&context, &need_kind, id, 3, "closed", "Recruté ailleurs", &error), &error);
    assert_int_equal(record_change_state(&context, &need_kind, id, 4, "taken_up", NULL, &error), STATUS_INPUT);
    assert_int_equal(record_change_state(&context, &need_kind, id, 4, "closed", NULL, &error), STATUS_INPUT);
    const struct history_line *lines = NULL;
    size_t count = 0;
    context = world_as(&world, account);
    check_ok(record_history(&context, &need_kind, id, &lines, &count, &error), &error);
    assert_int_equal(count, 4);
    assert_string_equal(lines[0].action, "state");
    assert_string_equal(lines[0].reason, "Recruté ailleurs");
    assert_string_equal(lines[2].changes[0].before, "Deux soudeurs");
    assert_string_equal(lines[2].changes[0].after, "Trois soudeurs");
    assert_int_equal(lines[1].change_count, 0); /* a personal field is a leaf, not told here */
    assert_string_equal(lines[3].action, "created");
    world_end(&world);
}

static void test_a_faulty_record_is_not_kept(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t company = world_organisation(&world, "Une", "company", "59350");
    const int64_t account = world_account(&world, "a@exemple.fr", "member", company);
    struct record_context context = world_as(&world, account);
    const struct input items[] = {{"title", ""}, {"headcount", "0"}, {"skills", "magie"}, {"sector", "62.01Z"}};
    const struct inputs inputs = {items, 4};
    struct faults faults = {.count = 0};
    struct record_change written = {.inputs = &inputs, .faults = &faults};
    assert_int_equal(record_write(&context, &need_kind, &written, &error), STATUS_INPUT);
    assert_int_equal(faults.count, 6); /* headcount, skills, sector (computed), title, company, type */
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM need"), 0);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE kind = 'need'"), 0);
    world_end(&world);
}

static void test_erasing_leaves_no_content(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t company = world_organisation(&world, "Une", "company", "59350");
    const int64_t account = world_account(&world, "a@exemple.fr", "member", company);
    const int64_t id = world_need(&world, account, "Deux soudeurs", company, AUDIENCE_PUBLIC);
    struct record_context context = world_as(&world, account);
    check_ok(change(&context, id, 1, "contact", "Zoé Secrète", &error), &error);
    check_ok(record_erase(&context, &need_kind, id, 2, NULL, &error), &error);
    void *record = NULL;
    context = world_as(&world, account);
    assert_int_equal(record_load(&context, &need_kind, id, &record, &error), STATUS_MISSING);
    assert_int_equal(
        database_integer(
            world.db,
            "SELECT COUNT(*) FROM record_leaf WHERE before IS NOT NULL OR after IS NOT NULL OR salt IS NOT NULL"),
        0);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE kind = 'need'"), 3);
    world_end(&world);
}

static void test_personal_fields_are_blank_or_traced(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t company = world_organisation(&world, "Une", "company", "59350"),
                  other = world_organisation(&world, "Autre", "company", "62041");
    const int64_t cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    world_member(&world, company, cluster, time_today() - 5, ABSENT);
    const int64_t owner = world_account(&world, "a@exemple.fr", "member", company),
                  stranger = world_account(&world, "b@exemple.fr", "member", other);
    const int64_t officer = world_account(&world, "c@exemple.fr", "officer", cluster);
    const int64_t id = world_need(&world, owner, "Deux soudeurs", company, AUDIENCE_PUBLIC);
    const struct {
        int64_t account;
        bool sees;
    } readers[] = {{owner, true}, {officer, true}, {stranger, false}, {0, false}};
    for (size_t i = 0; i < 4; i++) {
        struct record_context context = world_as(&world, readers[i].account);
        void *record = NULL;
        check_ok(record_load(&context, &need_kind, id, &record, &error), &error);
        const struct need *need = record;
        assert_int_equal(need->contact.value != NULL, readers[i].sees);
        check_ok(readings_commit(&context, &error), &error);
    }
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_reading WHERE field = 'contact'"), 2);
    world_end(&world);
}

static void test_an_erased_membership_takes_its_sights_away(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    void *record = NULL;
    const int64_t company = world_organisation(&world, "Une", "company", "59350"),
                  cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    const int64_t officer = world_account(&world, "o@exemple.fr", "officer", cluster);
    world_member(&world, company, cluster, time_today() - 5, ABSENT);
    const int64_t need = world_need(&world, 0, "Deux soudeurs", company, AUDIENCE_CIRCLE);
    const int64_t membership = database_integer(world.db, "SELECT id FROM membership");
    struct record_context context = world_as(&world, officer);
    check_ok(record_load(&context, &need_kind, need, &record, &error), &error);
    check_ok(record_erase(&context, &membership_kind, membership, 1, NULL, &error), &error);
    context = world_as(&world, officer);
    assert_int_equal(record_load(&context, &need_kind, need, &record, &error), STATUS_MISSING);
    world_end(&world);
}

/* The reference: what an account may see, said plainly, without tokens. */
struct person {
    int64_t account;
    const char *role;
    int organisation;
};
enum { COMPANIES = 6, CLUSTERS = 2, PEOPLE = 10, NEEDS = 40 };
struct plan {
    bool member[COMPANIES][CLUSTERS];
    int region[COMPANIES + CLUSTERS + 1];
    struct person people[PEOPLE];
};

static bool shares_cluster(const struct plan *plan, int a, int b)
{
    for (int c = 0; c < CLUSTERS; c++)
        if (plan->member[a][c] && plan->member[b][c]) return true;
    return false;
}

static bool in_a_cluster(const struct plan *plan, int company) { return shares_cluster(plan, company, company); }

static bool may_see(const struct plan *plan, const struct person *person, int company, enum audience audience)
{
    if (audience == AUDIENCE_PUBLIC) return true;
    if (!person->account) return false;
    if (audience == AUDIENCE_NETWORK) return true;
    if (!person->role) return false;
    if (strcmp(person->role, "member") == 0 && person->organisation == company) return true;
    if (audience == AUDIENCE_PRIVATE) return false;
    if (strcmp(person->role, "member") == 0) return shares_cluster(plan, person->organisation, company);
    if (strcmp(person->role, "officer") == 0) return plan->member[company][person->organisation - COMPANIES];
    if (strcmp(person->role, "region") == 0)
        return in_a_cluster(plan, company) && plan->region[person->organisation] == plan->region[company];
    return false;
}

static void test_rights_agree_with_the_plain_rule(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct plan plan = {0};
    int64_t organisations[COMPANIES + CLUSTERS + 1], needs[NEEDS];
    int company_of[NEEDS];
    enum audience audience_of[NEEDS];
    static const char *const communes[] = {"59350", "62041", "93066"};
    srand(20261123);
    for (int i = 0; i < COMPANIES + CLUSTERS + 1; i++) {
        const int commune = rand() % 3;
        plan.region[i] = commune == 2;
        organisations[i] = world_organisation(&world, arena_print(world.arena, "Organisation %d", i),
                                              i < COMPANIES              ? "company"
                                              : i < COMPANIES + CLUSTERS ? "cluster"
                                                                         : "local_authority",
                                              communes[commune]);
    }
    for (int i = 0; i < COMPANIES; i++)
        for (int c = 0; c < CLUSTERS; c++) {
            plan.member[i][c] = rand() % 2;
            if (plan.member[i][c])
                world_member(&world, organisations[i], organisations[COMPANIES + c], time_today() - 3, ABSENT);
            else if (rand() % 2)
                world_member(&world, organisations[i], organisations[COMPANIES + c], time_today() - 30,
                             time_today() - 3);
        }
    for (int i = 1; i < PEOPLE; i++) {
        struct person *person = &plan.people[i];
        person->role = (const char *const[]){"member", "officer", "region", NULL}[rand() % 4];
        person->organisation = !person->role            ? 0
                               : person->role[0] == 'm' ? rand() % COMPANIES
                               : person->role[0] == 'o' ? COMPANIES + rand() % CLUSTERS
                                                        : COMPANIES + CLUSTERS;
        person->account = world_account(&world, arena_print(world.arena, "p%d@exemple.fr", i), person->role,
                                        organisations[person->organisation]);
    }
    for (int i = 0; i < NEEDS; i++) {
        company_of[i] = rand() % COMPANIES;
        audience_of[i] = (enum audience)(AUDIENCE_PRIVATE + rand() % 4);
        needs[i] = world_need(&world, 0, "Un besoin", organisations[company_of[i]], audience_of[i]);
    }
    for (int p = 0; p < PEOPLE; p++) {
        struct record_context context = world_as(&world, plan.people[p].account);
        for (int i = 0; i < NEEDS; i++) {
            void *record = NULL;
            const bool seen = record_load(&context, &need_kind, needs[i], &record, NULL) == STATUS_OK;
            if (seen != may_see(&plan, &plan.people[p], company_of[i], audience_of[i]))
                fail_msg("person %d (%s), need of company %d, audience %d: seen %d", p,
                         plan.people[p].role ? plan.people[p].role : "none", company_of[i], (int)audience_of[i], seen);
        }
    }
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrations_equal_the_field_tables),
        cmocka_unit_test(test_fields_fill_themselves_as_their_rows_say),
        cmocka_unit_test(test_every_field_goes_round),
        cmocka_unit_test(test_every_kind_goes_through_json),
        cmocka_unit_test(test_json_refuses_what_is_no_field),
        cmocka_unit_test(test_wrong_texts_are_refused),
        cmocka_unit_test(test_texts_of_people_are_read),
        cmocka_unit_test(test_versions_conflict_and_history_tells),
        cmocka_unit_test(test_a_faulty_record_is_not_kept),
        cmocka_unit_test(test_erasing_leaves_no_content),
        cmocka_unit_test(test_personal_fields_are_blank_or_traced),
        cmocka_unit_test(test_an_erased_membership_takes_its_sights_away),
        cmocka_unit_test(test_rights_agree_with_the_plain_rule),
    };
    return database_run_group(tests);
}
