/* map_move.c: what the script of the moving map (assets/map.js) is told. */
#include "platform/html/chart.h"

/* Set once at start, then only read. */
static const char *tiles, *tiles_credit;

void map_set_tiles(const char *address, const char *credit)
{
    tiles = address;
    tiles_credit = credit;
}
