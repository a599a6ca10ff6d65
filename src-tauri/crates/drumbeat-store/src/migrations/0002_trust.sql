-- What the outbox protocol keeps beside its ops: decisions that are held back, what somebody should know
-- of an op that is over, and how long a landed write is watched.

-- A decision whose facts have moved in the CRM: what moved, JSON; nothing of it is sent until a person
-- has looked (B1).
ALTER TABLE decision ADD COLUMN held TEXT;

-- The CRM's modified time of the record when the op was looked at last: a later one is looked at again
-- as long as a late request could still arrive (zombie watch).
ALTER TABLE outbox ADD COLUMN seen_version INTEGER;
CREATE INDEX outbox_by_sending ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- Something that a person should know though the op is over: a value that was written over, a value that
-- changed again at once, a write that the CRM shows twice.
CREATE TABLE notice (
    id       INTEGER PRIMARY KEY,
    op_id    TEXT NOT NULL REFERENCES outbox (op_id),
    kind     TEXT NOT NULL CHECK (kind IN ('overwrote','changed_after','repeated')),
    object   INTEGER NOT NULL, record TEXT NOT NULL,
    field    TEXT NOT NULL,               -- CRM property name; empty for a repeated write
    theirs   TEXT, mine TEXT,             -- the value of somebody else, and ours
    by       TEXT, theirs_at INTEGER,     -- who set it and when, where the CRM says
    at       INTEGER NOT NULL,            -- when we noticed
    seen_at  INTEGER                      -- when a person put it aside
);
CREATE INDEX notice_open ON notice (seen_at, id) WHERE seen_at IS NULL;
CREATE UNIQUE INDEX notice_once ON notice (op_id, kind, field, coalesce(theirs, ''));
