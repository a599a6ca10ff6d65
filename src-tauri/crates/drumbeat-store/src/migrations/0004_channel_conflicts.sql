-- Channel conflicts: which accounts are to be judged, which count as one, what was found, what people did about it.
-- A node is a company or a registration: `c` or `r` before its id. All of it but channel_conflict, channel_event and
-- channel_evidence can be made again from the records.

-- What has changed since it was judged last.
CREATE TABLE channel_dirty (
    node       TEXT PRIMARY KEY,
    is_renamed INTEGER NOT NULL              -- its name, domain or place changed: who is alike is asked again
) WITHOUT ROWID;

-- The account that an account belongs to in its group.
CREATE TABLE channel_parent (child TEXT PRIMARY KEY, parent TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX channel_children ON channel_parent (parent, child);

-- Nodes that are surely one company under other spellings, both ways; and for which nodes that was asked.
CREATE TABLE channel_alike (node TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (node, other)) WITHOUT ROWID;
CREATE TABLE channel_asked (node TEXT PRIMARY KEY) WITHOUT ROWID;

-- What counted as one account when it was judged last; an account alone is not in it.
CREATE TABLE channel_node (node TEXT PRIMARY KEY, root TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX channel_members ON channel_node (root, node);

-- Accounts to look at again though nothing changes: days pass, clocks run out.
CREATE TABLE channel_again (root TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX channel_again_at ON channel_again (at);

CREATE INDEX registration_by_account ON registration (account) WHERE account IS NOT NULL;

-- Findings. None is ever deleted: what is over has its reason in channel_event.
CREATE TABLE channel_conflict (
    row       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    root      TEXT NOT NULL,                 -- first node of its account
    key       TEXT NOT NULL,                 -- kind and parties
    kind      TEXT NOT NULL, is_sign INTEGER NOT NULL, status TEXT NOT NULL,
    state     TEXT NOT NULL, is_open INTEGER NOT NULL,
    rank      INTEGER NOT NULL,              -- 100 less the severity: the most severe first
    due_at    INTEGER NOT NULL,              -- the clock that runs out next; the end of time when none runs
    partner   TEXT, other TEXT,              -- the parties that are partners
    account   TEXT, names TEXT NOT NULL,     -- account and parties in lower case, for finding
    motions   TEXT NOT NULL, region TEXT,
    value     INTEGER,                       -- ten-thousandths
    signals   INTEGER NOT NULL,              -- a bit each
    raised_at INTEGER NOT NULL, acknowledged_at INTEGER, closed_at INTEGER,
    by_rule   INTEGER,                       -- settled as the policy's rule says
    finding   TEXT NOT NULL,                 -- as judged, JSON
    life      TEXT NOT NULL                  -- what people did, JSON
);
CREATE INDEX channel_list ON channel_conflict (is_open, is_sign, rank, due_at, id);
CREATE INDEX channel_by_root ON channel_conflict (root, key);
CREATE INDEX channel_by_partner ON channel_conflict (partner, is_open) WHERE partner IS NOT NULL;
CREATE INDEX channel_by_other ON channel_conflict (other, is_open) WHERE other IS NOT NULL;
CREATE INDEX channel_raised ON channel_conflict (raised_at);

-- What happened with a finding: raised, changed, ended, reopened, acknowledged, settled, ...
CREATE TABLE channel_event (
    id INTEGER PRIMARY KEY, conflict TEXT NOT NULL, at INTEGER NOT NULL,
    what TEXT NOT NULL, text TEXT NOT NULL, by TEXT
);
CREATE INDEX channel_event_by_conflict ON channel_event (conflict, id);
CREATE INDEX channel_event_by_time ON channel_event (what, at);

-- Evidence that was added by hand.
CREATE TABLE channel_evidence (
    id INTEGER PRIMARY KEY, conflict TEXT NOT NULL, party TEXT NOT NULL,
    kind TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL,
    by TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX channel_evidence_by_conflict ON channel_evidence (conflict, id);
