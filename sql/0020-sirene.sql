-- organisation.naf_2025: Activity in NAF 2025 (text)
ALTER TABLE organisation ADD COLUMN naf_2025 {text};
-- organisation.closed: Establishment closed on (date)
ALTER TABLE organisation ADD COLUMN closed {integer};
-- organisation.treated: Last change in Sirene (date)
ALTER TABLE organisation ADD COLUMN treated {integer};
-- sirene_increment: how far the changes of Sirene were fetched by its API
-- sirene_increment.id: 1
-- sirene_increment.until: latest moment of treatment that was seen, as Insee writes it
-- sirene_increment.moment: when that was noted
CREATE TABLE sirene_increment (
    id {integer} NOT NULL PRIMARY KEY,
    until {text} NOT NULL,
    moment {integer} NOT NULL
) {strict};
