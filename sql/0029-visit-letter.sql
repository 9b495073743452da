-- visit.letter: Letter of this evening (choice)
ALTER TABLE visit ADD COLUMN letter {text};
-- visit.lettered: Letter sent on (date)
ALTER TABLE visit ADD COLUMN lettered {integer};
