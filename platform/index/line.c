/* line.c: one line of the log, in the machine's byte order of all that we run on (little-endian).
 * 's': uint32 slot, uint32 keys lost, uint32 keys gained (12 bytes after a head of 4), then the keys.
 * 'b': uint32 groups, then for each: int64 key, uint32 count, uint32 gained or not, the slots, padded to 8 bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/index/index_private.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the index's files are little-endian");

struct single_head {
    char type[4];
    uint32_t slot, lost, gained;
};
struct bulk_head {
    char type[4];
    uint32_t groups;
};
struct group_head {
    int64_t key;
    uint32_t count, gained;
};

static size_t padded(uint32_t count) { return ((size_t)count + 1) / 2 * 2 * sizeof(uint32_t); }

static struct block_bytes allocate(size_t length)
{
    struct block_bytes line = {.bytes = calloc(1, length), .length = length};
    if (!line.bytes) fatal_memory(length);
    return line;
}

struct block_bytes line_encode(int64_t slot, const int64_t *lost, size_t lost_count, const int64_t *gained,
                               size_t gained_count)
{
    const struct single_head head = {{'s'}, (uint32_t)slot, (uint32_t)lost_count, (uint32_t)gained_count};
    struct block_bytes line = allocate(sizeof head + (lost_count + gained_count) * sizeof *lost);
    char *at = line.bytes;
    memcpy(at, &head, sizeof head);
    if (lost_count) memcpy(at + sizeof head, lost, lost_count * sizeof *lost);
    if (gained_count) memcpy(at + sizeof head + lost_count * sizeof *lost, gained, gained_count * sizeof *gained);
    return line;
}

struct block_bytes line_encode_bulk(const struct member_change *groups, size_t count)
{
    size_t length = sizeof(struct bulk_head);
    for (size_t i = 0; i < count; i++) length += sizeof(struct group_head) + padded(groups[i].count);
    struct block_bytes line = allocate(length);
    const struct bulk_head head = {{'b'}, (uint32_t)count};
    char *at = line.bytes;
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (size_t i = 0; i < count; i++) {
        const struct group_head group = {groups[i].key, groups[i].count, groups[i].gained};
        memcpy(at, &group, sizeof group);
        memcpy(at + sizeof group, groups[i].slots, groups[i].count * sizeof(uint32_t));
        at += sizeof group + padded(group.count);
    }
    return line;
}

static bool each_single(const char *at, size_t length, line_user *use, void *context)
{
    struct single_head head;
    if (length < sizeof head) return false;
    memcpy(&head, at, sizeof head);
    if (length != sizeof head + ((size_t)head.lost + head.gained) * sizeof(int64_t)) return false;
    const uint32_t *slot = (const uint32_t *)(const void *)(at + offsetof(struct single_head, slot));
    for (size_t i = 0; i < (size_t)head.lost + head.gained; i++) {
        struct member_change change = {.slots = slot, .count = 1, .gained = i >= head.lost};
        memcpy(&change.key, at + sizeof head + i * sizeof change.key, sizeof change.key);
        use(context, &change);
    }
    return true;
}

static bool each_group(const char *at, size_t left, line_user *use, void *context)
{
    struct bulk_head head;
    if (left < sizeof head) return false;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    left -= sizeof head;
    for (uint32_t i = 0; i < head.groups; i++) {
        struct group_head group;
        if (left < sizeof group) return false;
        memcpy(&group, at, sizeof group);
        at += sizeof group;
        left -= sizeof group;
        if (left < padded(group.count)) return false;
        const struct member_change change = {group.key, (const uint32_t *)(const void *)at, group.count,
                                             group.gained != 0};
        use(context, &change);
        at += padded(group.count);
        left -= padded(group.count);
    }
    return left == 0;
}

bool line_each(const void *bytes, size_t length, line_user *use, void *context)
{
    const char *at = bytes;
    if (length && *at == 's') return each_single(at, length, use, context);
    return length && *at == 'b' && each_group(at, length, use, context);
}

/* SQLite has one writer, so its lines are numbered in the order in which they are committed. On PostgreSQL the number is the
 * transaction's; a transaction that saw another one commit has the greater number. */
enum status log_write(struct db_handle *write, int64_t kind, const struct block_bytes *line, int64_t members,
                      struct error *error)
{
    const char *sql = db_differs(db_of(write),
                                 "INSERT INTO index_log (kind, txn, line, members, changes) VALUES ($1, MAX("
                                 "COALESCE((SELECT MAX(txn) + 1 FROM index_log WHERE kind = $1), 0), "
                                 "COALESCE((SELECT through FROM index_state WHERE kind = $1), 0)), $2, $3, $4)",
                                 "INSERT INTO index_log (kind, txn, line, members, changes) VALUES ($1, "
                                 "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT), $2, $3, $4)");
    return db_run(
        write, sql,
        DB_BIND(db_integer(kind), db_integer(db_new_id()), db_integer(members), db_blob(line->bytes, line->length)),
        NULL, error);
}
