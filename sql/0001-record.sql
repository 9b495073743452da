-- What the record engine keeps besides the kinds' own tables.

-- record_history: one line for each write of a record, in the transaction of the write
-- record_history.id: number of the line
-- record_history.home: organisation under which the record was filed
-- record_history.kind: kind of the record
-- record_history.record: number of the record
-- record_history.version: version that the write gave
-- record_history.moment: when
-- record_history.account: who; 0 for the program. Names are kept elsewhere
-- record_history.action: created, changed, state, erased
-- record_history.origin: page, api, command, or import and its number
-- record_history.reason: what the person said
-- record_history.changes: JSON, field: [before, after]; personal fields left out; NULL for a creation
-- record_history.salt: 16 random bytes; NULL once erased
-- record_history.digest: BLAKE2b, keyed with the salt, of the line, its changes (of a creation: the whole content) and its leaves
CREATE TABLE record_history (
    {id},
    home {integer} NOT NULL,
    kind {text} NOT NULL,
    record {integer} NOT NULL,
    version {integer} NOT NULL,
    moment {integer} NOT NULL,
    account {integer} NOT NULL,
    action {text} NOT NULL,
    origin {text} NOT NULL,
    reason {text},
    changes {text},
    salt {blob},
    digest {blob} NOT NULL
) {strict};
{id_index record_history};
CREATE INDEX record_history_record ON record_history (record, version);
CREATE INDEX record_history_moment ON record_history (moment);

-- record_leaf: the change of one personal field, apart, so that it can be erased while the chain still verifies
-- record_leaf.id: number of the leaf
-- record_leaf.home: organisation under which the record was filed
-- record_leaf.history: line of history to which it belongs
-- record_leaf.record: number of the record
-- record_leaf.field: which field
-- record_leaf.before: text before; NULL when absent or erased
-- record_leaf.after: text after; NULL when absent or erased
-- record_leaf.salt: 16 random bytes; NULL once erased
-- record_leaf.digest: BLAKE2b of salt, field, before and after
CREATE TABLE record_leaf (
    {id},
    home {integer} NOT NULL,
    history {integer} NOT NULL,
    record {integer} NOT NULL,
    field {text} NOT NULL,
    before {text},
    after {text},
    salt {blob},
    digest {blob} NOT NULL
) {strict};
{id_index record_leaf};
CREATE INDEX record_leaf_history ON record_leaf (history);
CREATE INDEX record_leaf_record ON record_leaf (record);

-- record_reading: who read which personal field, when
-- record_reading.id: number of the line
-- record_reading.moment: when
-- record_reading.account: who; 0 for the public
-- record_reading.kind: kind of the record
-- record_reading.record: number of the record
-- record_reading.field: which field
-- record_reading.origin: page, api, export ...
CREATE TABLE record_reading (
    id {integer} NOT NULL PRIMARY KEY,
    moment {integer} NOT NULL,
    account {integer} NOT NULL,
    kind {text} NOT NULL,
    record {integer} NOT NULL,
    field {text} NOT NULL,
    origin {text} NOT NULL
) {strict};
CREATE INDEX record_reading_record ON record_reading (record, moment);
CREATE INDEX record_reading_account ON record_reading (account, moment);

-- record_file: a file attached to a record
-- record_file.id: number of the file
-- record_file.home: organisation under which the record was filed
-- record_file.record: number of the record; NULL until the form is sent
-- record_file.account: who brought it
-- record_file.name: its name, as given
-- record_file.media_type: found from its content
-- record_file.size: bytes
-- record_file.digest: BLAKE2b of the content
-- record_file.created: when
CREATE TABLE record_file (
    {id},
    home {integer} NOT NULL,
    record {integer},
    account {integer} NOT NULL,
    name {text} NOT NULL,
    media_type {text} NOT NULL,
    size {integer} NOT NULL,
    digest {blob} NOT NULL,
    created {integer} NOT NULL
) {strict};
{id_index record_file};

-- record_chunk: the content of a file, in pieces of 64 KiB
-- record_chunk.home: organisation under which the record was filed
-- record_chunk.file: number of the file
-- record_chunk.part: 0, 1, 2 ...
-- record_chunk.bytes: the piece
CREATE TABLE record_chunk (
    home {integer} NOT NULL,
    file {integer} NOT NULL,
    part {integer} NOT NULL,
    bytes {blob} NOT NULL,
    PRIMARY KEY (home, file, part)
) {compact};

-- record_import: a file being imported or that was
-- record_import.id: number of the import
-- record_import.home: organisation under which it was brought
-- record_import.account: who
-- record_import.kind: kind of the records
-- record_import.name: name of the file
-- record_import.path: where the file waits; NULL once ended
-- record_import.mapping: JSON, column: field
-- record_import.created: when it was brought
-- record_import.stage: read (dry run), ready, applying, done, undone, failed
-- record_import.lines: lines read
-- record_import.done: lines applied so far: where to go on after a crash
-- record_import.added: records created
-- record_import.changed: records changed
-- record_import.same: lines that change nothing
-- record_import.refused: lines with a fault
CREATE TABLE record_import (
    {id},
    home {integer} NOT NULL,
    account {integer} NOT NULL,
    kind {text} NOT NULL,
    name {text} NOT NULL,
    path {text},
    mapping {text} NOT NULL,
    created {integer} NOT NULL,
    stage {text} NOT NULL,
    lines {integer} NOT NULL,
    done {integer} NOT NULL,
    added {integer} NOT NULL,
    changed {integer} NOT NULL,
    same {integer} NOT NULL,
    refused {integer} NOT NULL
) {strict};
{id_index record_import};

-- record_import_line: what became of a line that needs saying: refused, or to be undone
-- record_import_line.home: organisation under which the import was brought
-- record_import_line.import: number of the import
-- record_import_line.line: line of the file
-- record_import_line.outcome: added, changed, refused
-- record_import_line.record: record written, NULL when refused
-- record_import_line.version: version that the import gave it
-- record_import_line.remark: JSON: field, sentence, arguments
CREATE TABLE record_import_line (
    home {integer} NOT NULL,
    import {integer} NOT NULL,
    line {integer} NOT NULL,
    outcome {text} NOT NULL,
    record {integer},
    version {integer},
    remark {text},
    PRIMARY KEY (home, import, line)
) {compact};
