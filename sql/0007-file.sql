-- Files are brought first and held by a record afterwards; what is held by nothing is taken away.

-- record_file.stage: 0 being brought, 1 whole, 2 let go: its content leaves
ALTER TABLE record_file ADD COLUMN stage {integer} NOT NULL DEFAULT 1;
-- record_file.holder: kind of the record that holds it; NULL: nothing does, or no longer
ALTER TABLE record_file ADD COLUMN holder {text};
-- record_file.field: which field of the record
ALTER TABLE record_file ADD COLUMN field {text};
CREATE INDEX record_file_loose ON record_file (created) WHERE holder IS NULL;

-- record_file_total: how much the files of an organisation take up
-- record_file_total.home: organisation
-- record_file_total.bytes: of all its files, those being brought included
CREATE TABLE record_file_total (
    home {integer} NOT NULL,
    bytes {integer} NOT NULL,
    PRIMARY KEY (home)
) {compact};
