/* people.h: the demonstration's accounts, one per role. Their password is public: they are served on the loopback only. */
#ifndef PRODUCT_DEMO_PEOPLE_H
#define PRODUCT_DEMO_PEOPLE_H

#include "base/error.h"

struct records;

/* Makes the accounts and their roles at organisations of the demonstration. */
enum status demo_people(const struct records *records, struct error *error);

/* Prints who can sign in, with which password. */
void demo_say_people(void);

#endif
