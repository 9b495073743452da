-- By which edition of each list the records were last indexed: when another comes into force, those whose codes moved are indexed anew.

-- vocabulary_basis: one line a list
-- vocabulary_basis.scheme: the list
-- vocabulary_basis.edition: the reading whose hierarchy the index of records follows
CREATE TABLE vocabulary_basis (
    scheme {text} NOT NULL PRIMARY KEY,
    edition {integer} NOT NULL
) {compact};
