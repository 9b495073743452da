-- Letters by e-mail (platform/mail).

-- mail: a letter that waits, or what became of it
-- mail.id: number of the letter; makes its Message-ID, the same at each attempt
-- mail.account: account to which it is written; 0 for none
-- mail.recipient: e-mail address; NULL once it is settled
-- mail.subject: its subject; NULL once it is settled
-- mail.body: its text; NULL once it is settled
-- mail.unsubscribe: address of the page that ends such letters; NULL: none, or settled
-- mail.written: moment at which it was kept
-- mail.due: moment from which it may be sent, or sent again; NULL once it is settled
-- mail.attempts: how often it was tried
-- mail.settled: moment at which it was sent or given up; NULL: it waits
-- mail.fault: what the last attempt met; NULL when it was sent
CREATE TABLE mail (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL,
    recipient {text},
    subject {text},
    body {text},
    unsubscribe {text},
    written {integer} NOT NULL,
    due {integer},
    attempts {integer} NOT NULL,
    settled {integer},
    fault {text}
) {strict};
CREATE INDEX mail_due ON mail (due);
CREATE INDEX mail_account ON mail (account);
CREATE INDEX mail_settled ON mail (settled);
