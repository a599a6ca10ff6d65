-- What the work on registrations keeps beside the CRM's records.

-- Versions of the program's policy, whole texts with their comments. A decision is judged by the version
-- that was in force on its day (G-02); none is ever changed or taken away.
CREATE TABLE policy (
    version   INTEGER PRIMARY KEY,
    effective INTEGER NOT NULL,              -- first day on which it judges
    text      TEXT NOT NULL,
    actor     TEXT NOT NULL, saved_at INTEGER NOT NULL, reason TEXT
);
CREATE TRIGGER policy_is_append_only_update BEFORE UPDATE ON policy BEGIN SELECT RAISE (ABORT, 'a version of the policy is never changed'); END;
CREATE TRIGGER policy_is_append_only_delete BEFORE DELETE ON policy BEGIN SELECT RAISE (ABORT, 'a version of the policy is never taken away'); END;

-- Registrations that somebody here has put aside until a day or until they change.
CREATE TABLE snooze (
    registration TEXT PRIMARY KEY,
    until        INTEGER NOT NULL,           -- instant
    reason       TEXT, at INTEGER NOT NULL
) WITHOUT ROWID;

-- Which accounts and which registrations a word, its beginning, a city or a domain is found in: what matching
-- looks names up by. Made from the rows of company and registration, kept with each change of them; term 0
-- counts the records. `ids` are row numbers, ascending, each as the distance from the one before, seven bits
-- a byte; nothing when a term is too common to list.
CREATE TABLE match_account (term INTEGER PRIMARY KEY, count INTEGER NOT NULL, ids BLOB);
CREATE TABLE match_claim (term INTEGER PRIMARY KEY, count INTEGER NOT NULL, ids BLOB);
