/* datasets.c: a dataset, and its files. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/catalogue/catalogue_private.h"

static const struct {
    const char *format, *term, *media_type, *title;
} formats[] = {
    {"csv", "CSV", "text/csv", N_("{1}, as CSV")},
    {"xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", N_("{1}, as a workbook")},
    {"json", "JSON", "application/json", N_("{1}, as JSON")},
    {"geojson", "GEOJSON", "application/geo+json", N_("{1}, as GeoJSON")},
};

static const char *licence_of(const struct description *description, const struct catalogue_dataset *dataset)
{
    if (dataset->licence) return dataset->licence;
    return dataset->rights ? NULL : description->catalogue->publication->licence;
}

/* The words of a licence and the source that must be named, when they are not those of the whole catalogue. */
static void describe_rights(struct description *description, const struct catalogue_dataset *dataset,
                            const char *subject)
{
    const char *rights = arena_print(description->arena, "%s#rights", dataset_address(description, dataset));
    if (!dataset->rights) return;
    describe_link(description, subject, "dct:rights", rights, "dct:RightsStatement");
}

static void describe_file(struct description *description, const struct catalogue_dataset *dataset,
                          const struct catalogue_file *file, const char *subject)
{
    struct rdf *rdf = description->rdf;
    rdf_type(rdf, subject, "dcat:Distribution");
    describe_link(description, subject, "dcat:accessURL", file->url, "rdfs:Resource");
    describe_link(description, subject, "dcat:downloadURL", file->url, "rdfs:Resource");
    describe_link(description, subject, "dct:license", licence_of(description, dataset), "dct:LicenseDocument");
    describe_rights(description, dataset, subject);
    describe_term(description, subject, "dct:language", "language/", strcmp(file->language, "fr") == 0 ? "FRA" : "ENG",
                  "dct:LinguisticSystem");
    describe_term(description, subject, "dcatap:availability", "planned-availability/", "STABLE", "skos:Concept");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].format, file->format) != 0) continue;
        for (enum language language = 0; language < LANGUAGES; language++)
            rdf_text(rdf, subject, "dct:title",
                     language_print(description->arena, language, formats[i].title, dataset->title.in[language], NULL),
                     language_code(language));
        describe_term(description, subject, "dct:format", "file-type/", formats[i].term, "dct:MediaTypeOrExtent");
        describe_link(
            description, subject, "dcat:mediaType",
            arena_print(description->arena, "https://www.iana.org/assignments/media-types/%s", formats[i].media_type),
            "dct:MediaType");
    }
}

static void describe_files(struct description *description, const struct catalogue_dataset *dataset,
                           const char *subject)
{
    for (size_t i = 0; i < dataset->file_count; i++) {
        const struct catalogue_file *file = &dataset->files[i];
        const char *own = arena_print(description->arena, "%s#%s-%s", subject, file->format, file->language);
        rdf_link(description->rdf, subject, "dcat:distribution", own);
        describe_file(description, dataset, file, own);
    }
}

static void describe_period(struct description *description, const struct catalogue_dataset *dataset,
                            const char *subject)
{
    const char *period = arena_print(description->arena, "%s#period", subject);
    const int64_t days[] = {dataset->begins, dataset->ends};
    static const char *const names[] = {"dcat:startDate", "dcat:endDate"};
    if (dataset->begins == INT64_MIN && dataset->ends == INT64_MIN) return;
    describe_link(description, subject, "dct:temporal", period, "dct:PeriodOfTime");
    for (int i = 0; i < 2; i++) {
        char text[16] = "";
        if (days[i] == INT64_MIN) continue;
        day_format(days[i], text);
        rdf_typed(description->rdf, period, names[i], text, "xsd:date");
    }
}

static void describe_listed(struct description *description, const char *subject, const char *list,
                            void (*say)(struct description *description, const char *subject, const char *item,
                                        const char *language),
                            const char *language)
{
    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ";");
        if (length) say(description, subject, arena_copy_bytes(description->arena, at, length), language);
        at += length + (at[length] == ';');
    }
}

static void say_theme(struct description *description, const char *subject, const char *item, const char *language)
{
    (void)language;
    describe_term(description, subject, "dcat:theme", "data-theme/", item, "skos:Concept");
}

static void say_keyword(struct description *description, const char *subject, const char *item, const char *language)
{
    rdf_text(description->rdf, subject, "dcat:keyword", item, language);
}

static void describe_subject(struct description *description, const struct catalogue_dataset *dataset,
                             const char *subject)
{
    describe_listed(description, subject, dataset->themes, say_theme, NULL);
    for (enum language language = 0; language < LANGUAGES; language++)
        describe_listed(description, subject, dataset->keywords.in[language], say_keyword, language_code(language));
}

void describe_changed(struct description *description, const char *subject, int64_t moment)
{
    char text[32] = "";
    if (moment == INT64_MIN) return;
    time_format(moment, text);
    rdf_typed(description->rdf, subject, "dct:modified", text, "xsd:dateTime");
}

static void describe_origin(struct description *description, const struct catalogue_dataset *dataset,
                            const char *subject)
{
    struct rdf *rdf = description->rdf;
    const char *source = arena_print(description->arena, "%s#source", subject);
    const char *rights = arena_print(description->arena, "%s#rights", subject);
    if (dataset->source) {
        describe_link(description, subject, "dct:provenance", source, "dct:ProvenanceStatement");
        rdf_text(rdf, source, "rdfs:label", dataset->source, NULL);
    }
    if (dataset->rights) {
        rdf_type(rdf, rights, "dct:RightsStatement");
        rdf_text(rdf, rights, "rdfs:label", dataset->rights, NULL);
    }
}

void describe_dataset(struct description *description, const struct catalogue_dataset *dataset)
{
    struct rdf *rdf = description->rdf;
    const char *subject = dataset_address(description, dataset);
    rdf_type(rdf, subject, "dcat:Dataset");
    rdf_typed(rdf, subject, "dct:identifier", subject, "xsd:anyURI");
    describe_words(description, subject, "dct:title", &dataset->title);
    describe_words(description, subject, "dct:description", &dataset->description);
    describe_subject(description, dataset, subject);
    rdf_link(rdf, subject, "dct:publisher", publisher_address(description));
    rdf_link(rdf, subject, "dcat:contactPoint", contact_address(description));
    describe_link(description, subject, "dct:license", licence_of(description, dataset), "dct:LicenseDocument");
    describe_term(description, subject, "dct:accessRights", "access-right/", "PUBLIC", "dct:RightsStatement");
    describe_term(description, subject, "dct:accrualPeriodicity", "frequency/", dataset->frequency, "dct:Frequency");
    describe_place(description, subject);
    describe_period(description, dataset, subject);
    describe_changed(description, subject, dataset->modified);
    describe_term(description, subject, "dct:language", "language/", "FRA", "dct:LinguisticSystem");
    describe_link(description, subject, "dcat:landingPage", dataset->page, "foaf:Document");
    rdf_text(rdf, subject, "dcat:version", dataset->version, NULL);
    describe_origin(description, dataset, subject);
    describe_files(description, dataset, subject);
}
