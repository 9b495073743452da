/* kinds.h: the kinds of Maillage: one line each. */
#ifndef PRODUCT_KINDS_KINDS_H
#define PRODUCT_KINDS_KINDS_H

struct kind;
extern const struct kind *const product_kinds[];

#endif
