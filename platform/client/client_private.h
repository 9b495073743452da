/* client_private.h: which addresses may be called. */
#ifndef PLATFORM_CLIENT_PRIVATE_H
#define PLATFORM_CLIENT_PRIVATE_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether the address is one of the public internet: not of this machine, of a private network, of a link or of a group. */
bool client_is_public(const struct sockaddr *address);

#endif
