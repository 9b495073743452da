/* handover_private.h: what the files of the room share. */
#ifndef PRODUCT_HANDOVER_PRIVATE_H
#define PRODUCT_HANDOVER_PRIVATE_H

#include "platform/client/client.h"
#include "product/handover/handover.h"

/* One call of the service's interface. identifier: the same at each try; NULL: none. Returns as client_send. */
enum status handover_call(struct arena *arena, const struct handover_service *service, const char *method,
                          const char *path, const char *body, const char *identifier, struct client_answer *answer,
                          struct error *error);

#endif
