-- Invitations to hold a role, by a link that a letter brings (platform/account).

-- account_invitation: somebody is invited to hold a role at an organisation; gone once it was accepted or declined, withdrawn, or has expired
-- account_invitation.id: number of the invitation
-- account_invitation.hash: BLAKE2b of the word in the link
-- account_invitation.email: address to which the letter goes, whether it has an account or not
-- account_invitation.email_key: the same folded; one invitation an address, organisation and role
-- account_invitation.organisation: where the role will be held
-- account_invitation.role: its name
-- account_invitation.valid_until: its last day; NULL: no end is known
-- account_invitation.author: account that invites
-- account_invitation.created: when it was made
-- account_invitation.expires: until when it may be accepted
CREATE TABLE account_invitation (
    id {integer} NOT NULL PRIMARY KEY,
    hash {blob} NOT NULL UNIQUE,
    email {text} NOT NULL,
    email_key {text} NOT NULL,
    organisation {integer} NOT NULL,
    role {text} NOT NULL,
    valid_until {integer},
    author {integer} NOT NULL,
    created {integer} NOT NULL,
    expires {integer} NOT NULL,
    UNIQUE (organisation, email_key, role)
) {strict};
CREATE INDEX account_invitation_email ON account_invitation (email_key);
CREATE INDEX account_invitation_author ON account_invitation (author);
CREATE INDEX account_invitation_expires ON account_invitation (expires);
