/* store_private.h: what the files that write share. */
#ifndef PLATFORM_FILE_STORE_PRIVATE_H
#define PLATFORM_FILE_STORE_PRIVATE_H

#include <stdint.h>

#include "base/error.h"

struct db_handle;

enum { FILE_COMING, FILE_WHOLE, FILE_LEAVING }; /* stages */
enum { FILE_BATCH = 8 };                        /* pieces a transaction */

/* Adds to what the files of an organisation take up; bytes may be negative. */
enum status file_take_room(struct db_handle *handle, int64_t home, int64_t bytes, struct error *error);

#endif
