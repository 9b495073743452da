-- adoption: Adoptions of practices
-- adoption.id: number of the record: milliseconds, node and counter
-- adoption.home: organisation under which it was filed; never changes; the key of distribution
-- adoption.owner: organisation whose record it is
-- adoption.slot: dense number within the kind, for indexes only
-- adoption.version: grows by one at each save
-- adoption.created: moment of filing
-- adoption.updated: moment of the last save
-- adoption.author: account that filed it; 0 for the program
-- adoption.audience: 1 private, 2 circle, 3 network, 4 public
-- adoption.reader: token that an account must hold to read it, from audience and owner
-- adoption.state: where it is in its life
-- adoption.reason: said with the last change of state
-- adoption.state_day: day since which it is in that state
-- adoption.name_key: its name, folded, for sorting and prefixes
-- adoption.title: Adoption (text)
-- adoption.practice: Practice taken up (reference)
-- adoption.organisation: Who takes it up (reference)
-- adoption.holder: Whose practice it is (reference)
-- adoption.adaptation: What is done otherwise (text)
-- adoption.start: Since (date)
-- adoption.cost: What it cost here (money)
-- adoption.measure: What is measured (text)
-- adoption.unit: In what (text)
-- adoption.sought: What is hoped for (choice)
-- adoption.before: Before (decimal)
-- adoption.after: After (decimal)
-- adoption.measured: Measured on (date)
-- adoption.result: What came of it (text)
-- adoption.figures: Before and after (text)
-- adoption.effect: Effect (choice)
-- adoption.change: Change (decimal)
-- adoption.lesson: Advice to the next ones (text)
-- adoption.evidence: Evidence (link)
-- adoption.place: Where (place)
-- adoption.place_latitude: Where (place)
-- adoption.place_longitude: Where (place)
-- adoption.place_approximate: Where (place)
-- adoption.sector: Sector (code)
-- adoption.size: Size of the company (code)
-- adoption.departement: Département (code)
-- adoption.region: Région (code)
CREATE TABLE adoption (
    {id},
    home {integer} NOT NULL,
    owner {integer} NOT NULL,
    slot {integer} NOT NULL,
    version {integer} NOT NULL,
    created {integer} NOT NULL,
    updated {integer} NOT NULL,
    author {integer} NOT NULL,
    audience {integer} NOT NULL,
    reader {integer} NOT NULL,
    state {text} NOT NULL,
    reason {text},
    state_day {integer} NOT NULL,
    name_key {text} NOT NULL,
    title {text},
    practice {integer},
    organisation {integer},
    holder {integer},
    adaptation {text},
    start {integer},
    cost {integer},
    measure {text},
    unit {text},
    sought {text},
    before {integer},
    after {integer},
    measured {integer},
    result {text},
    figures {text},
    effect {text},
    change {integer},
    lesson {text},
    evidence {text},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    sector {text},
    size {text},
    departement {text},
    region {text}
) {strict};
{id_index adoption};
CREATE UNIQUE INDEX adoption_slot ON adoption (slot{spread});
CREATE INDEX adoption_reader ON adoption (reader, updated);
CREATE INDEX adoption_owner ON adoption (owner);
CREATE INDEX adoption_name ON adoption (name_key, slot);
CREATE INDEX adoption_practice ON adoption (practice) WHERE practice IS NOT NULL;
CREATE INDEX adoption_organisation ON adoption (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX adoption_holder ON adoption (holder) WHERE holder IS NOT NULL;

