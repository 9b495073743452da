-- Long work in the background (platform/job).

-- job: a piece of work that waits, runs or has ended
-- job.id: number of the job
-- job.type: its type, as the program declares it
-- job.account: who asked for it; 0 for the program itself
-- job.organisation: where that person acted; 0 for none
-- job.scopes: sum of the rights bits to which the work is limited
-- job.may_write: 1 when the work may change things
-- job.language: fr or en: of what it makes
-- job.subject: what it is about, as shown: the name of a file
-- job.argument: what it is to do, in the words of its type
-- job.priority: 0 first, 1 usual, 2 last
-- job.state: waiting, running, done, failed, cancelled
-- job.due: from when on a worker may take it: while it runs, the end of its lease; NULL once ended. On the database's clock
-- job.holder: drawn when a worker took it: what was taken by another is no longer the first one's; NULL when nobody has it
-- job.server: machine and process of the last worker
-- job.attempts: times it was taken without having come further
-- job.cancel: 1 once somebody asked for its end
-- job.created: when it was asked for
-- job.started: when it was first taken; NULL: not yet
-- job.ended: when it ended; NULL: not yet
-- job.done: how far it is
-- job.total: of how much; 0 when that is not known
-- job.message: JSON, a sentence on how it stands; NULL: none
-- job.error: JSON, the sentence that says why it failed, or why it was tried again; NULL: it was not
-- job.result: path of the page that shows what it made; NULL: none
-- job.file: number of the file that it made (record_file); NULL: none, or no longer
-- job.unique_key: what must not wait or run twice; NULL when it may
-- job.active_key: the same while it waits or runs, else NULL
CREATE TABLE job (
    id {integer} NOT NULL PRIMARY KEY,
    type {text} NOT NULL,
    account {integer} NOT NULL,
    organisation {integer} NOT NULL,
    scopes {integer} NOT NULL,
    may_write {integer} NOT NULL,
    language {text} NOT NULL,
    subject {text} NOT NULL,
    argument {text} NOT NULL,
    priority {integer} NOT NULL,
    state {text} NOT NULL,
    due {integer},
    holder {integer},
    server {text},
    attempts {integer} NOT NULL,
    cancel {integer} NOT NULL,
    created {integer} NOT NULL,
    started {integer},
    ended {integer},
    done {integer} NOT NULL,
    total {integer} NOT NULL,
    message {text},
    error {text},
    result {text},
    file {integer},
    unique_key {text},
    active_key {text} UNIQUE
) {strict};
CREATE INDEX job_due ON job (priority, due);
CREATE INDEX job_account ON job (account, id);
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_ended ON job (ended);

-- job_schedule: when what is done regularly is next due, once for all servers
-- job_schedule.name: type of job, or name of the timer
-- job_schedule.due: when, on the database's clock
CREATE TABLE job_schedule (
    name {text} NOT NULL PRIMARY KEY,
    due {integer} NOT NULL
) {strict};

-- record_import.file: number of the file in the database (record_file) that holds what was brought; NULL: it lies on the disk, or is gone
-- record_import.job: number of the job that last worked on it; NULL: none
ALTER TABLE record_import ADD COLUMN file {integer};
ALTER TABLE record_import ADD COLUMN job {integer};
