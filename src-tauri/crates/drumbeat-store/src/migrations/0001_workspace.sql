-- One workspace: truth (mirror), intent (decisions, outbox), view (projections), and the audit chain.
-- Times are UTC milliseconds, days are days since 1970-01-01, money is in ten-thousandths, booleans are 0/1.

-- Small values by name: the CRM's schema, the mapping, resume points and watermarks, settings.
CREATE TABLE value (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;

-- The CRM's property names by number; a number is never given up.
CREATE TABLE property (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Exactly what the CRM said last, unknown properties kept.
CREATE TABLE mirror (
    kind          INTEGER NOT NULL,          -- ObjectKind, by its place in the list
    crm_id        TEXT NOT NULL,             -- the CRM's id
    properties    BLOB NOT NULL,             -- number of the property, length, text for each value; empty ones left out
    crm_updated_at INTEGER,                  -- the CRM's own modified time
    seen_at       INTEGER NOT NULL,          -- when it was read last
    gone          INTEGER NOT NULL DEFAULT 0 -- 0 living, 1 archived, 2 merged away, 3 no longer visible to us
);
CREATE UNIQUE INDEX mirror_by_id ON mirror (kind, crm_id);

-- Links between records, as the CRM has them; links of records made here carry local ids until they land.
CREATE TABLE link (
    kind INTEGER NOT NULL, id TEXT NOT NULL,
    to_kind INTEGER NOT NULL, to_id TEXT NOT NULL,
    is_primary INTEGER NOT NULL,
    PRIMARY KEY (kind, id, to_kind, to_id)
) WITHOUT ROWID;
CREATE INDEX link_back ON link (to_kind, to_id, kind, id);

-- An id that now goes by another: a local id that has landed, a record that was merged away.
CREATE TABLE alias (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;

-- One act of a person.
CREATE TABLE decision (
    id      TEXT PRIMARY KEY,
    act     TEXT NOT NULL,                   -- approve, decline, edit deal, ...
    title   TEXT NOT NULL,                   -- what was done, for people
    kind    INTEGER NOT NULL, record TEXT NOT NULL, -- the record it is mainly about
    reason  TEXT,
    facts   TEXT NOT NULL,                   -- the facts it relied on, JSON
    policy  INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    status  TEXT NOT NULL                    -- the least of its ops; kept by the writer
) WITHOUT ROWID;
CREATE INDEX decision_by_record ON decision (kind, record, made_at);

-- The operations that carry decisions out, in the order in which they were made.
CREATE TABLE outbox (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    op_id      TEXT NOT NULL UNIQUE,
    decision   TEXT NOT NULL REFERENCES decision (id),
    object     INTEGER NOT NULL, record TEXT NOT NULL, -- the lane
    body       TEXT NOT NULL,                -- OpKind as JSON: desired, base, guard, links
    state      TEXT NOT NULL CHECK (state IN ('queued','blocked','sending','unknown','acked','done','conflict','rejected','superseded','withdrawn')),
    attempt    INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,                      -- Retry-After, quarantine of an unknown, time of the verify read
    sent_at    INTEGER,                      -- when a request may have left last
    depends_on TEXT NOT NULL,                -- JSON list of op ids
    evidence   TEXT NOT NULL,                -- JSON list of what was seen
    binding    TEXT NOT NULL,                -- the CRM account that it may go to and no other
    made_at    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK (state <> 'sending' OR sent_at IS NOT NULL)
);
CREATE INDEX outbox_by_lane ON outbox (object, record, seq);
CREATE INDEX outbox_by_decision ON outbox (decision, seq);
CREATE INDEX outbox_open ON outbox (state, seq) WHERE state NOT IN ('done','superseded','withdrawn');

-- One field of one record that an open op wants otherwise: what is laid over the mirror.
CREATE TABLE pending_change (
    op_id  TEXT NOT NULL, seq INTEGER NOT NULL,
    object INTEGER NOT NULL, record TEXT NOT NULL,
    field  TEXT NOT NULL,                    -- CRM property name
    base   TEXT,                             -- absent when the record is made here
    value  TEXT NOT NULL,                    -- empty text clears
    PRIMARY KEY (op_id, field)
) WITHOUT ROWID;
CREATE INDEX pending_by_record ON pending_change (object, record, seq);

-- Messages that wait until their decision has landed (R-14).
CREATE TABLE message (
    id INTEGER PRIMARY KEY, decision TEXT NOT NULL REFERENCES decision (id),
    recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
    released_at INTEGER, is_withdrawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX message_by_decision ON message (decision);

-- Every observed change of a tracked field, also those that revert (B8).
CREATE TABLE movement (
    id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, record TEXT NOT NULL,
    field TEXT NOT NULL, before TEXT, after TEXT,
    at INTEGER NOT NULL,                     -- the CRM's modified time, or when it was decided here
    by TEXT, is_ours INTEGER NOT NULL
);
CREATE INDEX movement_by_record ON movement (kind, record, at);
CREATE INDEX movement_by_time ON movement (at);

-- Projections: typed, indexed, rebuilt from mirror and pending changes by one function.
CREATE TABLE company (
    row INTEGER PRIMARY KEY, -- also its place in the search
    id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_key TEXT NOT NULL, domain_key TEXT,
    country TEXT, city TEXT, region TEXT, owner TEXT, is_partner INTEGER NOT NULL,
    partner_type TEXT, tier TEXT, status TEXT, incumbent TEXT, renewal_date INTEGER, is_blocked INTEGER NOT NULL
);
CREATE INDEX company_partners ON company (is_partner, name COLLATE NOCASE, id) WHERE is_partner = 1;
CREATE INDEX company_by_name_key ON company (name_key);
CREATE INDEX company_by_domain ON company (domain_key) WHERE domain_key IS NOT NULL;

CREATE TABLE deal (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    account TEXT, account_name TEXT, partner TEXT, partner_name TEXT,
    amount INTEGER, currency TEXT, pipeline TEXT NOT NULL, stage TEXT NOT NULL, stage_label TEXT NOT NULL,
    position INTEGER NOT NULL, outcome INTEGER NOT NULL, -- 0 open, 1 won, 2 lost
    motion TEXT, attribution TEXT, attribution_pct INTEGER, owner TEXT,
    close_date INTEGER, created_day INTEGER, protection_end INTEGER, notes_at INTEGER,
    next_step_due INTEGER, registration TEXT,
    stalled_on INTEGER,                      -- first day on which it counts as stalled
    missing_hard INTEGER NOT NULL, hygiene INTEGER NOT NULL, is_pending INTEGER NOT NULL
);
CREATE INDEX deal_by_close ON deal (outcome, close_date, id);
CREATE INDEX deal_by_amount ON deal (outcome, amount, id);
CREATE INDEX deal_by_name ON deal (outcome, name COLLATE NOCASE, id);
CREATE INDEX deal_by_partner ON deal (partner, outcome, close_date, currency, amount) WHERE partner IS NOT NULL;
CREATE INDEX deal_by_account ON deal (account, outcome) WHERE account IS NOT NULL;
CREATE INDEX deal_by_motion ON deal (outcome, motion, position, currency, amount) WHERE motion IS NOT NULL;
CREATE INDEX deal_by_protection ON deal (protection_end) WHERE protection_end IS NOT NULL AND outcome = 0;

CREATE TABLE registration (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    company TEXT NOT NULL, name_key TEXT NOT NULL, domain_key TEXT, partner TEXT, partner_name TEXT, motion TEXT,
    amount INTEGER, currency TEXT, owner TEXT, claimed_by TEXT, account TEXT, deal TEXT,
    submitted_at INTEGER, decided_at INTEGER, protection_end INTEGER,
    is_open INTEGER NOT NULL, is_pending INTEGER NOT NULL
);
CREATE INDEX registration_queue ON registration (is_open, submitted_at, id);
CREATE INDEX registration_by_name_key ON registration (name_key);
CREATE INDEX registration_by_domain ON registration (domain_key) WHERE domain_key IS NOT NULL;
CREATE INDEX registration_by_partner ON registration (partner, is_open) WHERE partner IS NOT NULL;

CREATE TABLE certification (
    id TEXT NOT NULL UNIQUE, partner TEXT NOT NULL, name TEXT NOT NULL, holder TEXT, kind TEXT, level TEXT,
    earned INTEGER, expires INTEGER, status TEXT
);
CREATE INDEX certification_by_partner ON certification (partner, expires);

CREATE TABLE touch (
    id TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, at INTEGER, title TEXT NOT NULL, owner TEXT,
    is_done INTEGER NOT NULL, is_pending INTEGER NOT NULL
);

-- Search over names, the words only; the row id is the projection's row number times four plus 0 for a
-- company, 1 for a deal, 2 for a registration.
CREATE VIRTUAL TABLE search USING fts5 (
    title, subtitle,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3', detail = none
);

CREATE TABLE review (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pack (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);

-- One process at a time sends; the epoch tells a sender that it has been replaced (I29).
CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL);

-- The audit chain (G-01): each entry's hash covers the one before it.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL, title TEXT NOT NULL,
    reason TEXT, facts TEXT, policy INTEGER, hash TEXT NOT NULL
);
CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
