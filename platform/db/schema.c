/* schema.c: the files of sql/, compiled in, as migrations. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/fatal.h"
#include "platform/db/migrate.h"

extern const struct embedded_file sql_files[];
extern const size_t sql_files_count;

enum { MIGRATIONS_MOST = 1000 };

static struct migration migrations[MIGRATIONS_MOST];

static void read_files(void)
{
    ENSURE(sql_files_count <= MIGRATIONS_MOST);
    for (size_t i = 0; i < sql_files_count; i++) {
        migrations[i].number = (int)strtol(sql_files[i].name, NULL, 10);
        migrations[i].name = sql_files[i].name;
        migrations[i].sql = (const char *)sql_files[i].bytes;
    }
}

const struct migration *schema_migrations(size_t *count)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_files);
    *count = sql_files_count;
    return migrations;
}
