/* proxy.h: stands between the program and PostgreSQL, and cuts the line when told. */
#ifndef TESTS_DB_PROXY_H
#define TESTS_DB_PROXY_H

enum proxy_cut {
    PROXY_PASS,
    PROXY_CUT_BEFORE_COMMIT, /* the next COMMIT does not reach the server */
    PROXY_CUT_AFTER_COMMIT,  /* it does, but its answer does not come back */
};

/* Listens on 127.0.0.1 and passes on to that port; gives its own port. Once per process. */
int proxy_start(int server_port);

/* What to do at the next COMMIT; afterwards it passes again. */
void proxy_cut(enum proxy_cut cut);

#endif
