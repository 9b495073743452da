-- organisation: Organisations
-- organisation.id: number of the record: milliseconds, node and counter
-- organisation.home: organisation under which it was filed; never changes; the key of distribution
-- organisation.owner: organisation whose record it is
-- organisation.slot: dense number within the kind, for indexes only
-- organisation.version: grows by one at each save
-- organisation.created: moment of filing
-- organisation.updated: moment of the last save
-- organisation.author: account that filed it; 0 for the program
-- organisation.audience: 1 private, 2 circle, 3 network, 4 public
-- organisation.reader: token that an account must hold to read it, from audience and owner
-- organisation.state: where it is in its life
-- organisation.reason: said with the last change of state
-- organisation.state_day: day since which it is in that state
-- organisation.name_key: its name, folded, for sorting and prefixes
-- organisation.name: Name (text)
-- organisation.type: Type (code)
-- organisation.siren: SIREN (siren)
-- organisation.siret: SIRET of the head office (siret)
-- organisation.activity: Activity (text)
-- organisation.sector: Sector (code)
-- organisation.size: Size (code)
-- organisation.headcount: Headcount (integer)
-- organisation.place: Commune (place)
-- organisation.place_latitude: Commune (place)
-- organisation.place_longitude: Commune (place)
-- organisation.place_approximate: Commune (place)
-- organisation.strategic_sectors: Strategic sectors (codes)
-- organisation.website: Website (link)
-- organisation.contact: Contact (text, personal)
-- organisation.email: E-mail of the contact (email, personal)
-- organisation.telephone: Telephone of the contact (telephone, personal)
-- organisation.departement: Département (code)
-- organisation.region: Région (code)
-- organisation.invented: Invented, for demonstration (yesno)
CREATE TABLE organisation (
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
    name {text},
    type {text},
    siren {text},
    siret {text},
    activity {text},
    sector {text},
    size {text},
    headcount {integer},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    strategic_sectors {text},
    website {text},
    contact {text},
    email {text},
    telephone {text},
    departement {text},
    region {text},
    invented {integer}
) {strict};
{id_index organisation};
CREATE UNIQUE INDEX organisation_slot ON organisation (slot);
CREATE INDEX organisation_reader ON organisation (reader, updated);
CREATE INDEX organisation_owner ON organisation (owner);
CREATE INDEX organisation_name ON organisation (name_key);
CREATE UNIQUE INDEX organisation_siren ON organisation (siren) WHERE siren IS NOT NULL;

-- membership: Memberships
-- membership.id: number of the record: milliseconds, node and counter
-- membership.home: organisation under which it was filed; never changes; the key of distribution
-- membership.owner: organisation whose record it is
-- membership.slot: dense number within the kind, for indexes only
-- membership.version: grows by one at each save
-- membership.created: moment of filing
-- membership.updated: moment of the last save
-- membership.author: account that filed it; 0 for the program
-- membership.audience: 1 private, 2 circle, 3 network, 4 public
-- membership.reader: token that an account must hold to read it, from audience and owner
-- membership.state: where it is in its life
-- membership.reason: said with the last change of state
-- membership.state_day: day since which it is in that state
-- membership.name_key: its name, folded, for sorting and prefixes
-- membership.title: Membership (text)
-- membership.organisation: Organisation (reference)
-- membership.cluster: Cluster (reference)
-- membership.role: Role (choice)
-- membership.starts: Since (date)
-- membership.ends: Until (date)
CREATE TABLE membership (
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
    cluster {integer},
    role {text},
    starts {integer},
    ends {integer}
) {strict};
{id_index membership};
CREATE UNIQUE INDEX membership_slot ON membership (slot);
CREATE INDEX membership_reader ON membership (reader, updated);
CREATE INDEX membership_owner ON membership (owner);
CREATE INDEX membership_name ON membership (name_key);
CREATE INDEX membership_organisation ON membership (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX membership_cluster ON membership (cluster) WHERE cluster IS NOT NULL;

-- need: Needs
-- need.id: number of the record: milliseconds, node and counter
-- need.home: organisation under which it was filed; never changes; the key of distribution
-- need.owner: organisation whose record it is
-- need.slot: dense number within the kind, for indexes only
-- need.version: grows by one at each save
-- need.created: moment of filing
-- need.updated: moment of the last save
-- need.author: account that filed it; 0 for the program
-- need.audience: 1 private, 2 circle, 3 network, 4 public
-- need.reader: token that an account must hold to read it, from audience and owner
-- need.state: where it is in its life
-- need.reason: said with the last change of state
-- need.state_day: day since which it is in that state
-- need.name_key: its name, folded, for sorting and prefixes
-- need.title: What is needed (text)
-- need.company: Company (reference)
-- need.type: Kind of need (code)
-- need.description: In more words (text)
-- need.skills: Skills (codes)
-- need.headcount: How many people (integer)
-- need.start: Needed from (date)
-- need.place: Where (place)
-- need.place_latitude: Where (place)
-- need.place_longitude: Where (place)
-- need.place_approximate: Where (place)
-- need.contact: Person to speak to (text, personal)
-- need.email: E-mail of that person (email, personal)
-- need.telephone: Telephone of that person (telephone, personal)
-- need.sector: Sector (code)
-- need.size: Size of the company (code)
-- need.departement: Département (code)
-- need.region: Région (code)
-- need.filed: Filed on (date)
CREATE TABLE need (
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
    type {text},
    description {text},
    skills {text},
    headcount {integer},
    start {integer},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    contact {text},
    email {text},
    telephone {text},
    sector {text},
    size {text},
    departement {text},
    region {text},
    filed {integer}
) {strict};
{id_index need};
CREATE UNIQUE INDEX need_slot ON need (slot{spread});
CREATE INDEX need_reader ON need (reader, updated);
CREATE INDEX need_owner ON need (owner);
CREATE INDEX need_name ON need (name_key);
CREATE INDEX need_company ON need (company) WHERE company IS NOT NULL;

