-- handover: Hand-overs
-- handover.id: number of the record: milliseconds, node and counter
-- handover.home: organisation under which it was filed; never changes; the key of distribution
-- handover.owner: organisation whose record it is
-- handover.slot: dense number within the kind, for indexes only
-- handover.version: grows by one at each save
-- handover.created: moment of filing
-- handover.updated: moment of the last save
-- handover.author: account that filed it; 0 for the program
-- handover.audience: 1 private, 2 circle, 3 network, 4 public
-- handover.reader: token that an account must hold to read it, from audience and owner
-- handover.state: where it is in its life
-- handover.reason: said with the last change of state
-- handover.state_day: day since which it is in that state
-- handover.name_key: its name, folded, for sorting and prefixes
-- handover.title: Hand-over (text)
-- handover.need: Need (reference)
-- handover.service: Service (text)
-- handover.subject: Subject (code)
-- handover.answered_yes: Questions to answer with yes (codes)
-- handover.answers: Answers to the questions of the service (text)
-- handover.message: Message (text)
-- handover.with_contact: May the service call the person named in the need? (yesno)
-- handover.contact: Name given (text, personal)
-- handover.email: E-mail given (email, personal)
-- handover.telephone: Telephone given (telephone, personal)
-- handover.company: Company named (text)
-- handover.siret: SIRET given (siret)
-- handover.number: Number at the service (text)
-- handover.sent: Sent on (date)
-- handover.answer: What the service answered (text)
CREATE TABLE handover (
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
    need {integer},
    service {text},
    subject {text},
    answered_yes {text},
    answers {text},
    message {text},
    with_contact {integer},
    contact {text},
    email {text},
    telephone {text},
    company {text},
    siret {text},
    number {text},
    sent {integer},
    answer {text}
) {strict};
{id_index handover};
CREATE UNIQUE INDEX handover_slot ON handover (slot{spread});
CREATE INDEX handover_reader ON handover (reader, updated);
CREATE INDEX handover_owner ON handover (owner);
CREATE INDEX handover_name ON handover (name_key, slot);
CREATE INDEX handover_need ON handover (need) WHERE need IS NOT NULL;

