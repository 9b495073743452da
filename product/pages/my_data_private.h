/* my_data_private.h: what the gatherers of my_data.h share. */
#ifndef PRODUCT_PAGES_MY_DATA_PRIVATE_H
#define PRODUCT_PAGES_MY_DATA_PRIVATE_H

#include "product/pages/my_data.h"

/* Adds a part; one without items is left out. */
void my_add(struct my_data *data, const struct my_part *part);
/* Copies the lines. */
struct my_item my_item(struct arena *arena, const struct my_line *lines, size_t count);

/* Account, roles, sessions, programs, what was done to the account, requests. */
enum status my_gather_account(const struct http_request *request, struct my_data *data, struct error *error);

#endif
