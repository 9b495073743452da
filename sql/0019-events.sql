-- organisation.offers: Which needs it answers (codes)
ALTER TABLE organisation ADD COLUMN offers {text};
-- event: Events
-- event.id: number of the record: milliseconds, node and counter
-- event.home: organisation under which it was filed; never changes; the key of distribution
-- event.owner: organisation whose record it is
-- event.slot: dense number within the kind, for indexes only
-- event.version: grows by one at each save
-- event.created: moment of filing
-- event.updated: moment of the last save
-- event.author: account that filed it; 0 for the program
-- event.audience: 1 private, 2 circle, 3 network, 4 public
-- event.reader: token that an account must hold to read it, from audience and owner
-- event.state: where it is in its life
-- event.reason: said with the last change of state
-- event.state_day: day since which it is in that state
-- event.name_key: its name, folded, for sorting and prefixes
-- event.title: What it is (text)
-- event.type: Kind of event (choice)
-- event.organiser: Organiser (reference)
-- event.starts: Begins (moment)
-- event.ends: Ends (moment)
-- event.place: Where (place)
-- event.place_latitude: Where (place)
-- event.place_longitude: Where (place)
-- event.place_approximate: Where (place)
-- event.address: Address (text)
-- event.online: Address of the online meeting (link)
-- event.description: What it is about (markdown)
-- event.for_whom: For whom (text)
-- event.places: Places (integer)
-- event.register_until: Register until (date)
-- event.link: More about it (link)
-- event.practice: About the practice (reference)
-- event.strategic_sectors: Strategic sectors (codes)
-- event.minutes: Minutes (markdown)
-- event.departement: Département (code)
-- event.region: Région (code)
CREATE TABLE event (
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
    type {text},
    organiser {integer},
    starts {integer},
    ends {integer},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    address {text},
    online {text},
    description {text},
    for_whom {text},
    places {integer},
    register_until {integer},
    link {text},
    practice {integer},
    strategic_sectors {text},
    minutes {text},
    departement {text},
    region {text}
) {strict};
{id_index event};
CREATE UNIQUE INDEX event_slot ON event (slot{spread});
CREATE INDEX event_reader ON event (reader, updated);
CREATE INDEX event_owner ON event (owner);
CREATE INDEX event_name ON event (name_key, slot);
CREATE INDEX event_organiser ON event (organiser) WHERE organiser IS NOT NULL;
CREATE INDEX event_practice ON event (practice) WHERE practice IS NOT NULL;

-- registration: Registrations
-- registration.id: number of the record: milliseconds, node and counter
-- registration.home: organisation under which it was filed; never changes; the key of distribution
-- registration.owner: organisation whose record it is
-- registration.slot: dense number within the kind, for indexes only
-- registration.version: grows by one at each save
-- registration.created: moment of filing
-- registration.updated: moment of the last save
-- registration.author: account that filed it; 0 for the program
-- registration.audience: 1 private, 2 circle, 3 network, 4 public
-- registration.reader: token that an account must hold to read it, from audience and owner
-- registration.state: where it is in its life
-- registration.reason: said with the last change of state
-- registration.state_day: day since which it is in that state
-- registration.name_key: its name, folded, for sorting and prefixes
-- registration.title: Registration (text)
-- registration.event: Event (reference)
-- registration.organisation: On behalf of (reference)
-- registration.organiser: Organiser (reference)
-- registration.starts: Begins (moment)
-- registration.person: Who comes (text, personal)
-- registration.email: E-mail of that person (email, personal)
-- registration.remark: Something to tell the organiser (text)
CREATE TABLE registration (
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
    event {integer},
    organisation {integer},
    organiser {integer},
    starts {integer},
    person {text},
    email {text},
    remark {text}
) {strict};
{id_index registration};
CREATE UNIQUE INDEX registration_slot ON registration (slot{spread});
CREATE INDEX registration_reader ON registration (reader, updated);
CREATE INDEX registration_owner ON registration (owner);
CREATE INDEX registration_name ON registration (name_key, slot);
CREATE INDEX registration_event ON registration (event) WHERE event IS NOT NULL;
CREATE INDEX registration_organisation ON registration (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX registration_organiser ON registration (organiser) WHERE organiser IS NOT NULL;

-- equipment: Platforms and equipment
-- equipment.id: number of the record: milliseconds, node and counter
-- equipment.home: organisation under which it was filed; never changes; the key of distribution
-- equipment.owner: organisation whose record it is
-- equipment.slot: dense number within the kind, for indexes only
-- equipment.version: grows by one at each save
-- equipment.created: moment of filing
-- equipment.updated: moment of the last save
-- equipment.author: account that filed it; 0 for the program
-- equipment.audience: 1 private, 2 circle, 3 network, 4 public
-- equipment.reader: token that an account must hold to read it, from audience and owner
-- equipment.state: where it is in its life
-- equipment.reason: said with the last change of state
-- equipment.state_day: day since which it is in that state
-- equipment.name_key: its name, folded, for sorting and prefixes
-- equipment.title: What it is called (text)
-- equipment.type: Kind of equipment (choice)
-- equipment.organisation: Whose it is (reference)
-- equipment.description: What one can do with it (text)
-- equipment.access: Access terms (text)
-- equipment.price: Price (money)
-- equipment.price_per: The price is for (choice)
-- equipment.serves: Which needs it serves (codes)
-- equipment.place: Where (place)
-- equipment.place_latitude: Where (place)
-- equipment.place_longitude: Where (place)
-- equipment.place_approximate: Where (place)
-- equipment.link: More about it (link)
-- equipment.contact: Person to speak to (text, personal)
-- equipment.email: E-mail of that person (email, personal)
-- equipment.telephone: Telephone of that person (telephone, personal)
-- equipment.strategic_sectors: Strategic sectors (codes)
-- equipment.sector: Sector (code)
-- equipment.departement: Département (code)
-- equipment.region: Région (code)
CREATE TABLE equipment (
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
    type {text},
    organisation {integer},
    description {text},
    access {text},
    price {integer},
    price_per {text},
    serves {text},
    place {text},
    place_latitude {integer},
    place_longitude {integer},
    place_approximate {integer},
    link {text},
    contact {text},
    email {text},
    telephone {text},
    strategic_sectors {text},
    sector {text},
    departement {text},
    region {text}
) {strict};
{id_index equipment};
CREATE UNIQUE INDEX equipment_slot ON equipment (slot{spread});
CREATE INDEX equipment_reader ON equipment (reader, updated);
CREATE INDEX equipment_owner ON equipment (owner);
CREATE INDEX equipment_name ON equipment (name_key, slot);
CREATE INDEX equipment_organisation ON equipment (organisation) WHERE organisation IS NOT NULL;

-- booking: Booking requests
-- booking.id: number of the record: milliseconds, node and counter
-- booking.home: organisation under which it was filed; never changes; the key of distribution
-- booking.owner: organisation whose record it is
-- booking.slot: dense number within the kind, for indexes only
-- booking.version: grows by one at each save
-- booking.created: moment of filing
-- booking.updated: moment of the last save
-- booking.author: account that filed it; 0 for the program
-- booking.audience: 1 private, 2 circle, 3 network, 4 public
-- booking.reader: token that an account must hold to read it, from audience and owner
-- booking.state: where it is in its life
-- booking.reason: said with the last change of state
-- booking.state_day: day since which it is in that state
-- booking.name_key: its name, folded, for sorting and prefixes
-- booking.title: Booking request (text)
-- booking.equipment: Platform or equipment (reference)
-- booking.organisation: Who asks (reference)
-- booking.provider: Whose it is (reference)
-- booking.starts: From when (moment)
-- booking.ends: Until when (moment)
-- booking.purpose: What for (text)
-- booking.person: Person to speak to (text, personal)
-- booking.email: E-mail of that person (email, personal)
-- booking.telephone: Telephone of that person (telephone, personal)
-- booking.answer: Answer (text)
CREATE TABLE booking (
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
    equipment {integer},
    organisation {integer},
    provider {integer},
    starts {integer},
    ends {integer},
    purpose {text},
    person {text},
    email {text},
    telephone {text},
    answer {text}
) {strict};
{id_index booking};
CREATE UNIQUE INDEX booking_slot ON booking (slot{spread});
CREATE INDEX booking_reader ON booking (reader, updated);
CREATE INDEX booking_owner ON booking (owner);
CREATE INDEX booking_name ON booking (name_key, slot);
CREATE INDEX booking_equipment ON booking (equipment) WHERE equipment IS NOT NULL;
CREATE INDEX booking_organisation ON booking (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX booking_provider ON booking (provider) WHERE provider IS NOT NULL;

