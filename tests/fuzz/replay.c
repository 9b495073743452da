/* replay.c: runs a fuzz target over every file of its corpus, each also cut short at several places; prints TAP. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "tests/fuzz/fuzz.h"

enum { CUTS = 16 };

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) fatal("cannot read %s", path);
    uint8_t *bytes = NULL;
    size_t room = 0;
    for (*size = 0;;) {
        if (*size == room) {
            room = room ? 2 * room : 4096;
            bytes = realloc(bytes, room);
            if (!bytes) fatal_memory(room);
        }
        const size_t got = fread(bytes + *size, 1, room - *size, file);
        if (got == 0) break;
        *size += got;
    }
    fclose(file);
    return bytes;
}

/* Each input is a block of its own, so that a read beyond its end is seen. */
static void run_exactly(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) fatal_memory(size);
    memcpy(copy, bytes, size);
    ENSURE(LLVMFuzzerTestOneInput(copy, size) == 0);
    free(copy);
}

static void replay(const char *path)
{
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    for (size_t cut = 1; cut <= CUTS; cut++) run_exactly(bytes, size * cut / CUTS);
    free(bytes);
}

int main(void)
{
    struct dirent **entries = NULL;
    const int count = scandir(CORPUS, &entries, NULL, alphasort);
    if (count < 0) fatal("there is no folder %s", CORPUS);
    int points = 0;
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", CORPUS, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            replay(path);
            printf("ok %d %s\n", ++points, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    run_exactly((const uint8_t *)"", 0);
    printf("ok %d nothing at all\n1..%d\n", points + 1, points + 1);
    return 0;
}
