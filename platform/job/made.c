/* made.c: the file that a job makes. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "platform/file/file.h"
#include "platform/job/job_private.h"

struct holding {
    struct job *job;
    int64_t file;
};

static enum status hold(struct db_handle *write, void *context, struct error *error)
{
    const struct holding *holding = context;
    const struct job *job = holding->job;
    return file_hold(write, holding->file, job->viewer->account, "job", job->id, "file", error);
}

static enum status store(struct job *job, const struct file_given *given, struct error *error)
{
    struct holding holding = {.job = job};
    enum status status = file_store(job->db, job->arena, given, job->viewer->organisation, job->viewer->account, 0,
                                    &holding.file, error);
    if (!status) status = db_transaction(job->db, hold, &holding, error);
    if (!status) job->held->file = holding.file;
    return status;
}

enum status job_store_file(struct job *job, int descriptor, const char *name, struct error *error)
{
    struct stat about;
    if (fstat(descriptor, &about) != 0 || about.st_size == 0)
        return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    const size_t length = (size_t)about.st_size;
    void *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    const struct file_given given = {.name = name, .bytes = bytes, .length = length};
    const enum status status = store(job, &given, error);
    munmap(bytes, length);
    return status;
}
