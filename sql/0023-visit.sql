-- need.visit: Noted during a visit (reference)
ALTER TABLE need ADD COLUMN visit {integer};
CREATE INDEX need_visit ON need (visit) WHERE visit IS NOT NULL;
-- visit: Visits
-- visit.id: number of the record: milliseconds, node and counter
-- visit.home: organisation under which it was filed; never changes; the key of distribution
-- visit.owner: organisation whose record it is
-- visit.slot: dense number within the kind, for indexes only
-- visit.version: grows by one at each save
-- visit.created: moment of filing
-- visit.updated: moment of the last save
-- visit.author: account that filed it; 0 for the program
-- visit.audience: 1 private, 2 circle, 3 network, 4 public
-- visit.reader: token that an account must hold to read it, from audience and owner
-- visit.state: where it is in its life
-- visit.reason: said with the last change of state
-- visit.state_day: day since which it is in that state
-- visit.name_key: its name, folded, for sorting and prefixes
-- visit.title: Visit (text)
-- visit.company: Company visited (reference)
-- visit.cluster: Cluster that visits (reference)
-- visit.day: Day (date)
-- visit.officer: Who goes (text, personal)
-- visit.met: Whom you met (text, personal)
-- visit.said: What was said (text)
-- visit.summary: What to remember (text)
-- visit.next: Next steps (text)
-- visit.next_day: By when (date)
-- visit.authority: Authority that is told (reference)
-- visit.place: Where (place)
-- visit.place_latitude: Where (place)
-- visit.place_longitude: Where (place)
-- visit.place_approximate: Where (place)
-- visit.sector: Sector (code)
-- visit.size: Size of the company (code)
-- visit.departement: Département (code)
-- visit.region: Région (code)
CREATE TABLE visit (
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
    company {integer},
    cluster {integer},
    day {integer},
    officer {text},
    met {text},
    said {text},
    summary {text},
    next {text},
    next_day {integer},
    authority {integer},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    sector {text},
    size {text},
    departement {text},
    region {text}
) {strict};
{id_index visit};
CREATE UNIQUE INDEX visit_slot ON visit (slot{spread});
CREATE INDEX visit_reader ON visit (reader, updated);
CREATE INDEX visit_owner ON visit (owner);
CREATE INDEX visit_name ON visit (name_key, slot);
CREATE INDEX visit_company ON visit (company) WHERE company IS NOT NULL;
CREATE INDEX visit_cluster ON visit (cluster) WHERE cluster IS NOT NULL;
CREATE INDEX visit_authority ON visit (authority) WHERE authority IS NOT NULL;

