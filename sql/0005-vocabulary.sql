-- Code lists with versions: territories, activities, sizes, skills and so on. Written by `maillage reference` only.

-- vocabulary_scheme: a list of codes, whatever its versions
-- vocabulary_scheme.scheme: its short name in the program, such as territory or naf
-- vocabulary_scheme.title_fr: its name in French
-- vocabulary_scheme.title_en: its name in English
CREATE TABLE vocabulary_scheme (
    scheme {text} NOT NULL PRIMARY KEY,
    title_fr {text} NOT NULL,
    title_en {text} NOT NULL
) {compact};

-- vocabulary_version: one edition of a list, in force from a day to another
-- vocabulary_version.edition: identifies this reading of the list: codes are written beside the old ones, then shown at once
-- vocabulary_version.scheme: the list
-- vocabulary_version.version: the edition's name, usually its year
-- vocabulary_version.ready: 1 once its codes are complete and until another reading of the same version replaces it
-- vocabulary_version.valid_from: first day in force
-- vocabulary_version.valid_until: last day in force, NULL while it has none
-- vocabulary_version.codes: how many codes it has
-- vocabulary_version.fingerprint: hash of the file that it was read from, to see whether it must be read again
-- vocabulary_version.loaded: when it was read
-- vocabulary_version.source: who publishes it, and by which way it came
-- vocabulary_version.licence: under which terms it may be used
CREATE TABLE vocabulary_version (
    edition {integer} NOT NULL PRIMARY KEY,
    scheme {text} NOT NULL,
    version {text} NOT NULL,
    ready {integer} NOT NULL,
    valid_from {integer} NOT NULL,
    valid_until {integer},
    codes {integer} NOT NULL,
    fingerprint {text} NOT NULL,
    loaded {integer} NOT NULL,
    source {text} NOT NULL,
    licence {text} NOT NULL
) {compact};

-- vocabulary_code: one code of one edition
-- vocabulary_code.edition: the edition
-- vocabulary_code.position: its rank in the list, from 1; a parent stands before its children
-- vocabulary_code.code: the code, as records keep it
-- vocabulary_code.level: which level of the hierarchy, such as commune or division; NULL in flat lists
-- vocabulary_code.parent: the code above it, NULL at the top
-- vocabulary_code.other_parent: the code above it in a second hierarchy (a commune's EPCI)
-- vocabulary_code.label_fr: its name in French
-- vocabulary_code.label_en: its name in English, NULL when it is the same
-- vocabulary_code.folded: what a search compares: the label, the English label and the code without case or accents, a line each
-- vocabulary_code.population: inhabitants
-- vocabulary_code.latitude: millionths of a degree
-- vocabulary_code.longitude: millionths of a degree
-- vocabulary_code.approximate: 1 when a centre stands for the exact place
-- vocabulary_code.retired: 1 when records may keep it but nobody may choose it any more
-- vocabulary_code.replaced_by: the code to choose instead
-- vocabulary_code.valid_from: first day in force, when it is not that of the edition
-- vocabulary_code.valid_until: last day in force, when it is not that of the edition
CREATE TABLE vocabulary_code (
    edition {integer} NOT NULL,
    position {integer} NOT NULL,
    code {text} NOT NULL,
    level {text},
    parent {text},
    other_parent {text},
    label_fr {text} NOT NULL,
    label_en {text},
    folded {text} NOT NULL,
    population {integer},
    latitude {integer},
    longitude {integer},
    approximate {integer} NOT NULL,
    retired {integer} NOT NULL,
    replaced_by {text},
    valid_from {integer},
    valid_until {integer},
    PRIMARY KEY (edition, position)
) {compact};

CREATE UNIQUE INDEX vocabulary_code_code ON vocabulary_code (edition, code);

-- vocabulary_text: further texts of a code: what it means, and other words for it
-- vocabulary_text.edition: the edition
-- vocabulary_text.position: rank of the code in its list
-- vocabulary_text.rank: rank among the texts of the code
-- vocabulary_text.code: the code
-- vocabulary_text.purpose: note (a definition) or synonym
-- vocabulary_text.language: fr or en
-- vocabulary_text.content: the text
CREATE TABLE vocabulary_text (
    edition {integer} NOT NULL,
    position {integer} NOT NULL,
    rank {integer} NOT NULL,
    code {text} NOT NULL,
    purpose {text} NOT NULL,
    language {text} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (edition, position, rank)
) {compact};

-- vocabulary_link: which code of another list belongs to which of this one: communes to an employment area, say
-- vocabulary_link.edition: the edition of this list
-- vocabulary_link.position: rank among its links
-- vocabulary_link.code: the code of this list
-- vocabulary_link.other_scheme: the other list
-- vocabulary_link.other_code: the code of the other list
CREATE TABLE vocabulary_link (
    edition {integer} NOT NULL,
    position {integer} NOT NULL,
    code {text} NOT NULL,
    other_scheme {text} NOT NULL,
    other_code {text} NOT NULL,
    PRIMARY KEY (edition, position)
) {compact};
