#include <string.h>

#include "base/arena.h"
#include "platform/catalogue/catalogue_private.h"

static const struct rdf_prefix prefixes[] = {
    {"adms", "http://www.w3.org/ns/adms#"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dcatap", "http://data.europa.eu/r5r/"},
    {"dct", "http://purl.org/dc/terms/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"hydra", "http://www.w3.org/ns/hydra/core#"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    {NULL, NULL},
};

/* Words by which texts of licences name them. */
static const struct {
    const char *words, *address;
} licences[] = {
    {"Licence Ouverte", "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
    {"EUPL-1.2", EU_TABLE "licence/EUPL_1_2"},
    {"CC BY 4.0", EU_TABLE "licence/CC_BY_4_0"},
    {"ODbL", "https://opendatacommons.org/licenses/odbl/1-0/"},
};

const char *catalogue_licence(const char *text)
{
    for (size_t i = 0; text && i < sizeof licences / sizeof *licences; i++)
        if (strstr(text, licences[i].words)) return licences[i].address;
    return NULL;
}

struct catalogue_words catalogue_say(const char *english)
{
    struct catalogue_words words;
    for (enum language language = 0; language < LANGUAGES; language++)
        words.in[language] = language_text(language, english);
    return words;
}

/* ---- what the descriptions share ---- */

void describe_link(struct description *description, const char *subject, const char *predicate, const char *address,
                   const char *class)
{
    if (!address) return;
    const char *key = arena_print(description->arena, "%s %s", address, class);
    rdf_link(description->rdf, subject, predicate, address);
    if (map_get(description->typed, key)) return;
    map_put(description->typed, key, description);
    rdf_type(description->rdf, address, class);
}

/* Labels of the terms that readers show, as the EU's tables have them. */
static const struct {
    const char *term, *label;
} labels[] = {
    {"ECON", N_("Economy and finance")},          {"TECH", N_("Science and technology")},
    {"EDUC", N_("Education, culture and sport")}, {"REGI", N_("Regions and cities")},
    {"GOVE", N_("Government and public sector")}, {"STABLE", N_("stable")},
};

static void describe_label(struct description *description, const char *address, const char *term)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (strcmp(labels[i].term, term) != 0) continue;
        const struct catalogue_words label = catalogue_say(labels[i].label);
        describe_words(description, address, "skos:prefLabel", &label);
    }
}

void describe_term(struct description *description, const char *subject, const char *predicate, const char *table,
                   const char *term, const char *class)
{
    const char *scheme = arena_print(description->arena, EU_TABLE "%.*s", (int)strlen(table) - 1, table);
    const char *address = arena_print(description->arena, EU_TABLE "%s%s", table, term);
    const bool known = map_get(description->typed, address) != NULL;
    describe_link(description, subject, predicate, address, class);
    if (known) return;
    map_put(description->typed, address, description);
    rdf_link(description->rdf, address, "skos:inScheme", scheme);
    describe_label(description, address, term);
}

void describe_place(struct description *description, const char *subject)
{
    const char *spatial = description->catalogue->publication->spatial;
    if (spatial)
        describe_link(description, subject, "dct:spatial", spatial, "dct:Location");
    else
        describe_term(description, subject, "dct:spatial", "country/", "FRA", "dct:Location");
}

void describe_words(struct description *description, const char *subject, const char *predicate,
                    const struct catalogue_words *words)
{
    for (enum language language = 0; language < LANGUAGES; language++)
        rdf_text(description->rdf, subject, predicate, words->in[language], language_code(language));
}

const char *publisher_address(const struct description *description)
{
    return arena_print(description->arena, "%s#publisher", description->self);
}

const char *contact_address(const struct description *description)
{
    return arena_print(description->arena, "%s#contact", description->self);
}

const char *service_address(const struct description *description)
{
    return arena_print(description->arena, "%s#api", description->self);
}

const char *dataset_address(const struct description *description, const struct catalogue_dataset *dataset)
{
    return arena_print(description->arena, "%s/%s", description->self, dataset->key);
}

/* ---- who publishes, and the service ---- */

static void describe_publisher(struct description *description)
{
    const struct catalogue_publication *publication = description->catalogue->publication;
    const char *subject = publisher_address(description), *contact = contact_address(description);
    const char *name = publication->publisher ? publication->publisher : publication->name;
    struct rdf *rdf = description->rdf;
    rdf_type(rdf, subject, "foaf:Agent");
    rdf_text(rdf, subject, "foaf:name", name, NULL);
    describe_link(description, subject, "foaf:homepage", description->catalogue->origin, "foaf:Document");
    rdf_type(rdf, contact, "vcard:Kind");
    rdf_type(rdf, contact, "vcard:Organization");
    rdf_text(rdf, contact, "vcard:fn", name, NULL);
    rdf_link(rdf, contact, "vcard:hasURL",
             arena_print(description->arena, "%s/fr/legal", description->catalogue->origin));
    if (publication->email)
        rdf_link(rdf, contact, "vcard:hasEmail", arena_print(description->arena, "mailto:%s", publication->email));
}

static void describe_service(struct description *description, const struct catalogue_dataset *datasets, size_t count)
{
    static const struct {
        const char *predicate, *path, *class;
    } links[] = {{"dcat:endpointURL", "/api/v1", "rdfs:Resource"},
                 {"dcat:endpointDescription", "/api/v1/openapi.json", "rdfs:Resource"},
                 {"dcat:landingPage", "/fr/api", "foaf:Document"}};
    const struct catalogue_words title = catalogue_say(N_("Programming interface")),
                                 text = catalogue_say(N_("The same records as the lists, as JSON, with the same "
                                                         "filters; described in OpenAPI 3.1."));
    const char *subject = service_address(description);
    struct rdf *rdf = description->rdf;
    rdf_type(rdf, subject, "dcat:DataService");
    describe_words(description, subject, "dct:title", &title);
    describe_words(description, subject, "dct:description", &text);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        describe_link(description, subject, links[i].predicate,
                      arena_print(description->arena, "%s%s", description->catalogue->origin, links[i].path),
                      links[i].class);
    rdf_link(rdf, subject, "dct:publisher", publisher_address(description));
    rdf_link(rdf, subject, "dcat:contactPoint", contact_address(description));
    describe_term(description, subject, "dct:accessRights", "access-right/", "PUBLIC", "dct:RightsStatement");
    describe_link(description, subject, "dct:license", description->catalogue->publication->licence,
                  "dct:LicenseDocument");
    for (size_t i = 0; i < count; i++)
        if (datasets[i].api) rdf_link(rdf, subject, "dcat:servesDataset", dataset_address(description, &datasets[i]));
}

/* ---- the catalogue ---- */

static void describe_view(struct description *description, const struct catalogue_page *page)
{
    const int64_t total = (int64_t)description->catalogue->count;
    const int64_t pages = total > 0 ? (total + page->size - 1) / page->size : 1;
    const struct {
        const char *predicate;
        int64_t number;
    } links[] = {{"hydra:first", 1},
                 {"hydra:previous", page->number - 1},
                 {"hydra:next", page->number + 1},
                 {"hydra:last", pages}};
    struct arena *arena = description->arena;
    struct rdf *rdf = description->rdf;
    const char *view = arena_print(arena, "%s%lld", page->self, (long long)page->number);
    rdf_type(rdf, description->self, "hydra:Collection");
    rdf_typed(rdf, description->self, "hydra:totalItems", arena_print(arena, "%lld", (long long)total), "xsd:integer");
    rdf_link(rdf, description->self, "hydra:view", view);
    rdf_type(rdf, view, "hydra:PartialCollectionView");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].number >= 1 && links[i].number <= pages)
            rdf_link(rdf, view, links[i].predicate,
                     arena_print(arena, "%s%lld", page->self, (long long)links[i].number));
}

static int64_t newest(const struct catalogue *catalogue)
{
    int64_t moment = INT64_MIN;
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->datasets[i].modified > moment) moment = catalogue->datasets[i].modified;
    return moment;
}

static void describe_catalogue(struct description *description)
{
    const struct catalogue *catalogue = description->catalogue;
    const struct catalogue_publication *publication = catalogue->publication;
    const struct catalogue_words text =
        catalogue_say(N_("Public records, published figures and code lists of a network of innovation clusters."));
    const char *subject = description->self;
    struct rdf *rdf = description->rdf;
    rdf_type(rdf, subject, "dcat:Catalog");
    for (enum language language = 0; language < LANGUAGES; language++)
        rdf_text(rdf, subject, "dct:title",
                 language_print(description->arena, language, N_("{1}: open data"), publication->name, NULL),
                 language_code(language));
    describe_words(description, subject, "dct:description", &text);
    rdf_link(rdf, subject, "dct:publisher", publisher_address(description));
    describe_link(description, subject, "dct:license", publication->licence, "dct:LicenseDocument");
    describe_link(description, subject, "foaf:homepage",
                  arena_print(description->arena, "%s/fr/open-data", catalogue->origin), "foaf:Document");
    describe_place(description, subject);
    describe_term(description, subject, "dct:language", "language/", "FRA", "dct:LinguisticSystem");
    describe_term(description, subject, "dct:language", "language/", "ENG", "dct:LinguisticSystem");
    describe_link(description, subject, "dcat:themeTaxonomy", EU_TABLE "data-theme", "skos:ConceptScheme");
    describe_words(
        description, EU_TABLE "data-theme", "dct:title",
        &(struct catalogue_words){{[LANGUAGE_FRENCH] = "Thème de données", [LANGUAGE_ENGLISH] = "Data theme"}});
    describe_changed(description, subject, newest(catalogue));
    rdf_link(rdf, subject, "dcat:service", service_address(description));
}

static struct description begin(struct arena *arena, const struct catalogue *catalogue)
{
    return (struct description){.arena = arena,
                                .rdf = rdf_new(arena, prefixes),
                                .catalogue = catalogue,
                                .typed = map_new(arena),
                                .self = arena_print(arena, "%s" CATALOGUE_PATH, catalogue->origin)};
}

struct rdf *catalogue_graph(struct arena *arena, const struct catalogue *catalogue, const struct catalogue_page *page)
{
    struct description description = begin(arena, catalogue);
    const int64_t first = (page->number - 1) * page->size, total = (int64_t)catalogue->count;
    const int64_t end = first + page->size < total ? first + page->size : total;
    const struct catalogue_dataset *datasets = catalogue->datasets + (first < total ? first : total);
    describe_catalogue(&description);
    describe_view(&description, page);
    for (int64_t i = first; i < end; i++)
        rdf_link(description.rdf, description.self, "dcat:dataset",
                 dataset_address(&description, &catalogue->datasets[i]));
    describe_publisher(&description);
    describe_service(&description, datasets, end > first ? (size_t)(end - first) : 0);
    for (int64_t i = first; i < end; i++) describe_dataset(&description, &catalogue->datasets[i]);
    return description.rdf;
}

struct rdf *catalogue_dataset_graph(struct arena *arena, const struct catalogue *catalogue,
                                    const struct catalogue_dataset *dataset)
{
    struct description description = begin(arena, catalogue);
    describe_dataset(&description, dataset);
    describe_publisher(&description);
    describe_service(&description, dataset, 1);
    return description.rdf;
}
