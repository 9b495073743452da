/* jobs.h: what the record engine does in the background. */
#ifndef PLATFORM_RECORD_JOBS_H
#define PLATFORM_RECORD_JOBS_H

#include "platform/job/job.h"

/* To be declared with job_declare. The application of the workers must begin with a struct records. */
extern const struct job_type record_jobs[], export_jobs[];

#endif
