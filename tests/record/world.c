#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/index/index.h"
#include "platform/job/job.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/kinds.h"
#include "product/roles.h"
#include "product/upkeep.h"

static const char *const lists[] = {
    "# scheme: territory\n# version: 1\n# from: 2020-01-01\n# title_fr: t\n# title_en: t\n# source: test\n# licence: "
    "none\n"
    "code,level,parent,label_fr,population,latitude,longitude\n"
    "R32,region,,Hauts-de-France,,,\nR11,region,,Île-de-France,,,\n59,departement,R32,Nord,,,\n62,departement,R32,Pas-"
    "de-Calais,,,\n"
    "93,departement,R11,Seine-Saint-Denis,,,\n"
    "59350,commune,59,Lille,236234,50.63,3.057\n62041,commune,62,Arras,41694,50.289,2.78\n93066,commune,93,Saint-Denis,"
    "113116,48.936,2.357\n",
    "# scheme: naf\n# version: 2008\n# from: 2020-01-01\n# title_fr: n\n# title_en: n\n# source: test\n# licence: "
    "none\ncode,level,parent,label_fr\n"
    "C,section,,Industrie manufacturière\n25,division,C,Produits métalliques\n25.62B,subclass,25,Mécanique "
    "industrielle\n62.01Z,subclass,,Programmation\n",
    "# scheme: size\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# licence: "
    "none\ncode,label_fr\nmicro,Microentreprise\nsmall,Petite\n",
    "# scheme: csf\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# licence: "
    "none\ncode,label_fr\neau,Eau\nbois,Bois\n",
    "# scheme: skill\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# licence: "
    "none\ncode,parent,label_fr\nmetal,,Métal\nmetal.welding,metal,Soudage\n",
    "# scheme: need_type\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# licence: "
    "none\ncode,parent,label_fr\npeople,,Équipes\n"
    "people.recruitment,people,Recruter\nskills,,Compétences\n",
    "# scheme: handover\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# licence: "
    "none\ncode,level,parent,label_fr\nold,service,,Ancien service\nold.1,subject,old,Sujet\nold.2,subject,old,Autre "
    "sujet\nold.1.1,question,old.1,Une question\n"
    "old.1.2,question,old.1,Une autre\n",
    "# scheme: organisation_type\n# version: 1\n# from: 2020-01-01\n# title_fr: s\n# title_en: s\n# source: test\n# "
    "licence: none\ncode,label_fr\ncompany,Entreprise\n"
    "cluster,Pôle\nlocal_authority,Collectivité\nfunder,Financeur\n",
};

static void load_lists(struct world *world)
{
    struct error error = {0};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct list list;
        bool changed = false;
        check_ok(list_read_bytes(world->arena, "test", lists[i], strlen(lists[i]), &list, &error), &error);
        check_ok(list_store(world->db, &list, NULL, &changed, &error), &error);
    }
    check_ok(vocabulary_load(world->db, &world->records.vocabulary, &error), &error);
}

struct world world_begin(void)
{
    static const struct account_policy policy = {.model = &product_rights, .hash_operations = 1, .hash_memory = 8192};
    struct world world = {.arena = arena_new()};
    struct error error = {0};
    size_t count = 0;
    const struct migration *migrations = schema_migrations(&count);
    account_configure(&policy);
    kinds_set(product_kinds);
    job_declare(product_jobs);
    world.db = database_begin(NULL);
    check_ok(db_migrate(world.db, migrations, count, NULL, &error), &error);
    world.records = (struct records){.db = world.db, .rights = &product_rights};
    load_lists(&world);
    world.records.index = index_open(world.db, 0);
    return world;
}

void world_end(struct world *world)
{
    if (world->handle) db_release(&world->handle);
    arena_free(&world->arena);
    index_close(&world->records.index);
    vocabulary_free(&world->records.vocabulary);
    database_end(&world->db);
}

struct record_context world_program(struct world *world)
{
    struct error error = {0};
    struct record_context context = {
        .records = &world->records, .arena = world->arena, .viewer = viewer_program(), .origin = "test"};
    if (world->handle) db_release(&world->handle);
    check_ok(db_read(world->db, &world->handle, &error), &error);
    context.handle = world->handle;
    return context;
}

struct record_context world_as(struct world *world, int64_t account)
{
    struct error error = {0};
    struct record_context context = world_program(world);
    struct viewer *viewer = ARENA_NEW(world->arena, struct viewer);
    viewer->scopes = ~(rights)0;
    viewer->may_write = true;
    if (account) check_ok(viewer_load(context.handle, world->arena, account, viewer, &error), &error);
    context.viewer = account ? viewer : viewer_public();
    return context;
}

struct creation {
    struct record_context context;
    const struct kind *kind;
    void *record;
    struct faults faults;
};

static enum status create_in(struct db_handle *handle, void *data, struct error *error)
{
    struct creation *creation = data;
    creation->context.handle = handle;
    creation->faults.count = 0;
    return record_save(&creation->context, creation->kind, creation->record, &creation->faults, error);
}

static int64_t create(struct world *world, struct record_context context, const struct kind *kind, void *record)
{
    struct error error = {0};
    struct creation creation = {.context = context, .kind = kind, .record = record};
    const enum status status = db_transaction(world->db, create_in, &creation, &error);
    check_ok(status, creation.faults.count ? &creation.faults.items[0] : &error);
    return ((const struct record *)record)->id;
}

int64_t world_organisation(struct world *world, const char *name, const char *type, const char *commune)
{
    struct record_context context = {
        .records = &world->records, .arena = world->arena, .viewer = viewer_program(), .origin = "test"};
    struct organisation *made = record_new(&context, &organisation_kind);
    made->name.value = name;
    made->type.value = type;
    made->sector.value = "25.62B";
    made->size.value = "small";
    made->place = (struct place){commune, ABSENT, ABSENT, 1};
    return create(world, context, &organisation_kind, made);
}

void world_member(struct world *world, int64_t organisation, int64_t cluster, int64_t from, int64_t until)
{
    struct record_context context = {
        .records = &world->records, .arena = world->arena, .viewer = viewer_program(), .origin = "test"};
    struct membership *made = record_new(&context, &membership_kind);
    made->organisation.id = organisation;
    made->cluster.id = cluster;
    made->role.value = "member";
    made->starts.day = from;
    made->ends.day = until;
    create(world, context, &membership_kind, made);
}

int64_t world_account(struct world *world, const char *email, const char *role, int64_t organisation)
{
    struct error error = {0};
    int64_t account = 0;
    check_ok(account_create(world->db,
                            &(struct account_new){.email = email, .name = email, .language = LANGUAGE_FRENCH}, &account,
                            &error),
             &error);
    const struct account_role given = {
        .account = account, .organisation = organisation, .role = role, .from = time_today() - 10};
    if (role) check_ok(account_role_give(world->db, &given, NULL, &error), &error);
    return account;
}

int64_t world_need(struct world *world, int64_t account, const char *title, int64_t company, enum audience audience)
{
    struct record_context context = account ? world_as(world, account) : world_program(world);
    struct need *made = record_new(&context, &need_kind);
    made->title.value = title;
    made->type.value = "people.recruitment";
    made->company.id = company;
    made->head.audience = audience;
    made->contact.value = "Ada Contact";
    return create(world, context, &need_kind, made);
}

int64_t world_file(struct world *world, int64_t account, const struct kind *kind, const struct input *texts)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_context context = account ? world_as(world, account) : world_program(world);
    struct inputs inputs = {texts, 0};
    while (texts[inputs.count].field) inputs.count++;
    struct record_change change = {.inputs = &inputs, .faults = &faults};
    const enum status status = record_write(&context, kind, &change, &error);
    check_ok(status, faults.count ? &faults.items[0] : &error);
    return ((const struct record *)change.record)->id;
}
