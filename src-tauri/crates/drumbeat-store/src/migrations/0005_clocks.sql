-- What clocks are found by: when notes were written, when a next step is due, when a protection ends, when a
-- registration was decided, when a certificate expires, when a touch was. Asked once a minute, so none of it may be a
-- walk over the book. What must be equal comes first: by an index that holds open deals only, SQLite would rather walk
-- over all open deals of another.

CREATE INDEX deal_by_notes ON deal (outcome, notes_at, id) WHERE partner IS NOT NULL;
CREATE INDEX deal_by_step ON deal (outcome, next_step_due, id) WHERE partner IS NOT NULL;
CREATE INDEX deal_by_ending ON deal (outcome, protection_end, id) WHERE protection_end IS NOT NULL;
DROP INDEX IF EXISTS deal_by_protection;
CREATE INDEX registration_decided ON registration (is_open, decided_at, id);
CREATE INDEX certification_by_expiry ON certification (expires, id) WHERE expires IS NOT NULL;
CREATE INDEX touch_by_time ON touch (kind, at, id);
