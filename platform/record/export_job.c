/* export_job.c: a list as a file, made in the background and kept for its owner. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "platform/job/job.h"
#include "platform/record/export.h"
#include "platform/record/jobs.h"
#include "platform/record/pages_private.h"

/* What the list was asked by, as the address said it: pairs of name and value. */
static const char *write_argument(const struct record_context *context, const struct kind *kind,
                                  const struct http_request *asked)
{
    const char *columns = export_columns(asked);
    json_t *pairs = json_array();
    for (size_t i = 0; i < asked->query.count; i++)
        json_array_append_new(pairs, json_pack("[s, s]", asked->query.items[i].name, asked->query.items[i].value));
    json_t *root = json_pack("{s:s, s:s, s:s, s:o}", "kind", kind->name, "site", context->site ? context->site : "",
                             "columns", columns ? columns : "", "query", pairs);
    char *text = json_dumps(root, JSON_COMPACT);
    const char *copy = arena_copy(context->arena, text);
    free(text);
    json_decref(root);
    return copy;
}

enum status export_start(struct record_context *context, const struct kind *kind, const struct http_request *asked,
                         int64_t *job, struct error *error)
{
    const char *format = http_value(&asked->query, "format");
    const struct job_request request = {.type = "record_export",
                                        .viewer = context->viewer,
                                        .language = context->language,
                                        .subject =
                                            arena_print(context->arena, "%s.%s", kind->name, format ? format : "csv"),
                                        .argument = write_argument(context, kind, asked),
                                        .priority = JOB_USUAL};
    return job_start(context->records->db, &request, job, error);
}

struct asked {
    const struct kind *kind;
    enum export_format format;
    const char *columns, *site;
    struct inputs inputs;
};

static enum status read_argument(const struct job *job, struct asked *asked, struct error *error)
{
    json_t *root = json_loads(job->argument, 0, NULL), *pairs = json_object_get(root, "query"), *pair = NULL;
    struct input *items = ARENA_ARRAY(job->arena, json_array_size(pairs) + 1, struct input);
    size_t at = 0;
    const char *kind = json_string_value(json_object_get(root, "kind"));
    *asked = (struct asked){.kind = kind ? kind_find(kind) : NULL, .inputs = {items, 0}};
    asked->site = arena_copy(job->arena, json_string_value(json_object_get(root, "site")));
    asked->columns = arena_copy(job->arena, json_string_value(json_object_get(root, "columns")));
    json_array_foreach(pairs, at, pair)
    {
        const struct input input = {arena_copy(job->arena, json_string_value(json_array_get(pair, 0))),
                                    arena_copy(job->arena, json_string_value(json_array_get(pair, 1)))};
        if (strcmp(input.field, "format") == 0)
            export_format_find(input.text, &asked->format);
        else if (strcmp(input.field, "columns") != 0)
            items[asked->inputs.count++] = input;
    }
    json_decref(root);
    return asked->kind ? STATUS_OK
                       : error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

static enum status write_bytes(void *file, const char *bytes, size_t length, struct error *error)
{
    if (fwrite(bytes, 1, length, file) == length) return STATUS_OK;
    return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
}

static enum status write_all(struct job *job, struct record_context *context, const struct asked *asked, FILE *file,
                             struct error *error)
{
    struct record_query query;
    struct record_found found = {0};
    struct record_export *exporting = NULL;
    bool more = true, stopped = false;
    enum status status = record_query_read(context, asked->kind, &asked->inputs, &query, error);
    if (!status) status = record_find(context, asked->kind, &query, &found, error);
    if (!status)
        status =
            record_export_open(context, &found, asked->format, asked->columns,
                               record_query_text(job->arena, &query, NULL, NULL), write_bytes, file, &exporting, error);
    while (!status && more && !stopped) {
        status = record_export_step(exporting, &more, error);
        stopped = !job_progress(job, record_export_done(exporting), found.total);
    }
    if (status || (stopped && more)) return status ? status : job_halt(job);
    status = record_export_close(exporting, error);
    if (!status && fflush(file) != 0)
        status = error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    if (!status) job_say(job, N_("The file is ready; it is kept for 30 days."));
    return status ? status : job_store_file(job, fileno(file), job->subject, error);
}

static enum status run(struct job *job, struct error *error)
{
    struct record_context context = {.records = job->application,
                                     .arena = job->arena,
                                     .viewer = job->viewer,
                                     .language = job->language,
                                     .handle = job->read,
                                     .origin = "export"};
    struct asked asked;
    enum status status = read_argument(job, &asked, error);
    context.site = asked.site;
    FILE *file = status ? NULL : tmpfile();
    if (!status && !file)
        status = error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    if (!status) status = write_all(job, &context, &asked, file, error);
    if (file) fclose(file);
    return status;
}

const struct job_type export_jobs[] = {
    {.name = "record_export",
     .title = N_("Export of a list"),
     .unit = N_("{1} of {2} records"),
     .run = run,
     .retries = 2},
    {.name = NULL},
};
