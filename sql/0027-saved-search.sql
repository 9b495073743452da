-- Lists that people keep, to hear what is new in them (platform/saved).

-- saved_search: a list as one person asked for it
-- saved_search.id: number of the search
-- saved_search.account: whose it is
-- saved_search.kind: of what records
-- saved_search.query: what the list is asked by, as in its address
-- saved_search.name: what the person calls it
-- saved_search.created: moment at which it was kept
-- saved_search.seen: moment up to which its person has seen what is new
CREATE TABLE saved_search (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL,
    kind {text} NOT NULL,
    query {text} NOT NULL,
    name {text} NOT NULL,
    created {integer} NOT NULL,
    seen {integer} NOT NULL
) {strict};
CREATE INDEX saved_search_account ON saved_search (account, id);
