-- Lists ordered by name read the slots from the index of names alone.
DROP INDEX organisation_name;
CREATE INDEX organisation_name ON organisation (name_key, slot);
DROP INDEX membership_name;
CREATE INDEX membership_name ON membership (name_key, slot);
DROP INDEX need_name;
CREATE INDEX need_name ON need (name_key, slot);
DROP INDEX practice_name;
CREATE INDEX practice_name ON practice (name_key, slot);
