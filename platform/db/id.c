#include <stdatomic.h>
#include <sys/random.h>

#include "base/fatal.h"
#include "base/time.h"
#include "platform/db/db.h"

enum { COUNTER_BITS = 12, NODE_BITS = 8 };

static uint64_t draw_node(void)
{
    unsigned char byte = 0;
    if (getrandom(&byte, 1, 0) != 1) fatal("the system gives no random numbers");
    return byte;
}

/* The last identifier without its node: milliseconds << 12 | counter. When a millisecond is used up, the next one is
 * borrowed; the clock catches up. A clock set back changes nothing either. */
int64_t db_new_id(void)
{
    static _Atomic uint64_t last;
    static _Atomic uint64_t node = UINT64_MAX;
    uint64_t mine = atomic_load(&node);
    if (mine == UINT64_MAX) {
        const uint64_t drawn = draw_node();
        mine = atomic_compare_exchange_strong(&node, &mine, drawn) ? drawn : mine;
    }
    const uint64_t now = (uint64_t)time_now() << COUNTER_BITS;
    uint64_t before = atomic_load(&last), next;
    do next = before < now ? now : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, next));
    const uint64_t counter = next & ((1u << COUNTER_BITS) - 1);
    return (int64_t)((next >> COUNTER_BITS) << (COUNTER_BITS + NODE_BITS) | mine << COUNTER_BITS | counter);
}
