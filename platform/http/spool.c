#include "platform/http/spool_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fatal.h"

struct http_spool {
    const char *folder;
    char *memory;
    size_t capacity;
    size_t length;
    int file; /* -1: all in memory */
    void *mapped;
};

struct http_spool *http_spool_new(const char *folder)
{
    struct http_spool *spool = calloc(1, sizeof *spool);
    if (!spool) fatal_memory(sizeof *spool);
    spool->folder = folder;
    spool->file = -1;
    return spool;
}

void http_spool_free(struct http_spool **spool)
{
    if (!*spool) return;
    if ((*spool)->mapped) munmap((*spool)->mapped, (*spool)->length + 1);
    if ((*spool)->file >= 0) close((*spool)->file);
    free((*spool)->memory);
    free(*spool);
    *spool = NULL;
}

/* Some file systems know no O_TMPFILE: there the file has a name for a moment. */
static int named_file(const char *folder)
{
    char path[512];
    const int length = snprintf(path, sizeof path, "%s/http-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof path) return -1;
    const int file = mkostemp(path, O_CLOEXEC);
    if (file >= 0) unlink(path);
    return file;
}

int http_temporary_file(const char *folder)
{
    const int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    return file >= 0 ? file : named_file(folder);
}

static enum status file_write(int file, const char *bytes, size_t length, struct error *error)
{
    while (length) {
        const ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return error_set(error, STATUS_FAULT, "A temporary file could not be written: {1}.", strerror(errno));
        bytes += written;
        length -= (size_t)written;
    }
    return STATUS_OK;
}

static enum status move_to_file(struct http_spool *spool, struct error *error)
{
    spool->file = http_temporary_file(spool->folder);
    if (spool->file < 0)
        return error_set(error, STATUS_FAULT, "No temporary file could be made in {1}: {2}.", spool->folder,
                         strerror(errno));
    const enum status status = file_write(spool->file, spool->memory, spool->length, error);
    free(spool->memory);
    spool->memory = NULL;
    return status;
}

static void grow(struct http_spool *spool, size_t needed)
{
    if (needed <= spool->capacity) return;
    size_t capacity = spool->capacity ? spool->capacity : 4096;
    while (capacity < needed) capacity *= 2;
    char *memory = realloc(spool->memory, capacity);
    if (!memory) fatal_memory(capacity);
    spool->memory = memory;
    spool->capacity = capacity;
}

enum status http_spool_add(struct http_spool *spool, const void *bytes, size_t length, struct error *error)
{
    enum status status = STATUS_OK;
    if (spool->file < 0 && spool->length + length > SPOOL_IN_MEMORY) status = move_to_file(spool, error);
    if (status != STATUS_OK) return status;
    if (spool->file >= 0) {
        status = file_write(spool->file, bytes, length, error);
    } else {
        grow(spool, spool->length + length + 1);
        memcpy(spool->memory + spool->length, bytes, length);
    }
    if (status == STATUS_OK) spool->length += length;
    return status;
}

size_t http_spool_length(const struct http_spool *spool) { return spool->length; }

char *http_spool_bytes(struct http_spool *spool)
{
    if (spool->file < 0) {
        grow(spool, spool->length + 1);
        spool->memory[spool->length] = '\0';
        return spool->memory;
    }
    if (file_write(spool->file, "", 1, NULL) != STATUS_OK) return NULL;
    void *mapped = mmap(NULL, spool->length + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, spool->file, 0);
    if (mapped == MAP_FAILED) return NULL;
    spool->mapped = mapped;
    return mapped;
}
