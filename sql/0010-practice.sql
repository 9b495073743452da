-- practice: Good practices
-- practice.id: number of the record: milliseconds, node and counter
-- practice.home: organisation under which it was filed; never changes; the key of distribution
-- practice.owner: organisation whose record it is
-- practice.slot: dense number within the kind, for indexes only
-- practice.version: grows by one at each save
-- practice.created: moment of filing
-- practice.updated: moment of the last save
-- practice.author: account that filed it; 0 for the program
-- practice.audience: 1 private, 2 circle, 3 network, 4 public
-- practice.reader: token that an account must hold to read it, from audience and owner
-- practice.state: where it is in its life
-- practice.reason: said with the last change of state
-- practice.state_day: day since which it is in that state
-- practice.name_key: its name, folded, for sorting and prefixes
-- practice.title: What was done (text)
-- practice.organisation: Who did it (reference)
-- practice.context: Context (text)
-- practice.means: Means (text)
-- practice.cost: Cost (money)
-- practice.results: Results (text)
-- practice.conditions: What it takes to do it elsewhere (text)
-- practice.evidence: Evidence (link)
-- practice.testimony: Testimony (text)
-- practice.serves: Which needs it serves (codes)
-- practice.strategic_sectors: Strategic sectors (codes)
-- practice.start: Since (date)
-- practice.place: Where (place)
-- practice.place_latitude: Where (place)
-- practice.place_longitude: Where (place)
-- practice.place_approximate: Where (place)
-- practice.sector: Sector (code)
-- practice.size: Size of the company (code)
-- practice.departement: Département (code)
-- practice.region: Région (code)
CREATE TABLE practice (
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
    organisation {integer},
    context {text},
    means {text},
    cost {integer},
    results {text},
    conditions {text},
    evidence {text},
    testimony {text},
    serves {text},
    strategic_sectors {text},
    start {integer},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    sector {text},
    size {text},
    departement {text},
    region {text}
) {strict};
{id_index practice};
CREATE UNIQUE INDEX practice_slot ON practice (slot{spread});
CREATE INDEX practice_reader ON practice (reader, updated);
CREATE INDEX practice_owner ON practice (owner);
CREATE INDEX practice_name ON practice (name_key);
CREATE INDEX practice_organisation ON practice (organisation) WHERE organisation IS NOT NULL;

