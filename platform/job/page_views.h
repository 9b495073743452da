/* page_views.h: what the templates of work in the background show. */
#ifndef PLATFORM_JOB_PAGE_VIEWS_H
#define PLATFORM_JOB_PAGE_VIEWS_H

/* What can be done with a job that is over. */
struct job_actions {
    const char *result_url, *file_url, *retry_url; /* NULL: not */
};

/* In a list: a button that posts. */
struct job_button {
    const char *url, *label, *about;
};

#endif
