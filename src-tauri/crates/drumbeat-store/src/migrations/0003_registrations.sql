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
