/* catalogue.h: what a site publishes, described for people who look for data and for the programs that gather such descriptions.
 *
 * DCAT-AP 3.0 (and 2.1): a catalogue, its datasets, the files of each, the service that answers about all. Every resource has an address
 * beneath the site's /catalogue, which stays the same from one day to the next; there are no blank nodes. Pages of a long catalogue are
 * told as a Hydra collection. */
#ifndef PLATFORM_CATALOGUE_H
#define PLATFORM_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "platform/language/language.h"

struct arena;
struct rdf;

#define CATALOGUE_PATH "/catalogue"

/* Words in each language of the site. */
struct catalogue_words {
    const char *in[LANGUAGES];
};

/* Both forms of an English sentence. */
struct catalogue_words catalogue_say(const char *english);

/* What the operator of the site says once. */
struct catalogue_publication {
    const char *name;      /* of the site */
    const char *publisher; /* who publishes; NULL: the name of the site */
    const char *email;     /* to write to about the data; NULL: the site's pages only */
    const char *licence;   /* address of the licence of all that does not say another; NULL: none is said */
    const char *spatial;   /* address of the place that the data are about; NULL: France */
};

/* A dataset as a file. */
struct catalogue_file {
    const char *format;   /* "csv", "xlsx", "json", "geojson" */
    const char *language; /* "fr"; also in its address, since both may be there */
    const char *url;      /* absolute */
};

struct catalogue_dataset {
    const char *key; /* names it for good: "need" */
    struct catalogue_words title, description;
    struct catalogue_words keywords; /* with ";" between */
    const char *themes;              /* of the EU's table data-theme, with ";" between: "ECON;TECH" */
    const char *frequency;           /* of the EU's table frequency: "UPDATE_CONT", "QUARTERLY" */
    const char *page;                /* absolute, of the page about it */
    const char *version;             /* NULL: none */
    const char *source;              /* where it comes from, in words; NULL */
    const char *rights;              /* the words of its licence; NULL */
    const char *licence;             /* address; NULL: the publication's when `rights` is NULL, else none */
    int64_t modified;                /* moment; INT64_MIN: not known */
    int64_t begins, ends;            /* days that it covers; INT64_MIN: not said */
    int64_t rows;                    /* for pages; INT64_MIN: not counted */
    const char *api;                 /* path of its list in the API; NULL: none */
    const struct catalogue_file *files;
    size_t file_count;
};

struct catalogue {
    const struct catalogue_publication *publication;
    const char *origin; /* "https://maillage.example" */
    const struct catalogue_dataset *datasets;
    size_t count;
};

/* A page of it: datasets `first` to `first + count`, and what all pages say. */
struct catalogue_page {
    const char *self; /* address without the number: ".../catalogue?page=" */
    int64_t number, size;
};

/* The graph of a page. In the arena. */
struct rdf *catalogue_graph(struct arena *arena, const struct catalogue *catalogue, const struct catalogue_page *page);
/* The graph of one dataset, with what it refers to. */
struct rdf *catalogue_dataset_graph(struct arena *arena, const struct catalogue *catalogue,
                                    const struct catalogue_dataset *dataset);

/* The address of a licence that a text names ("Licence Ouverte 2.0; ..."), the first that it knows; NULL: none. Static. */
const char *catalogue_licence(const char *text);

#endif
