-- What deals come to, kept as they change: one row for each kind of deal that there is, so that totals, boards and
-- figures cost what kinds there are and not what deals there are. `side` says of whom: 0 a partner, 1 an owner, 2 a motion. `state`
-- is that of the outcome, or 3 for deals by when they were created; `month` is year * 12 + month - 1 of the closing or of
-- the creation, 0 for open deals, -1 when it is not known. Empty texts stand for nothing. Amounts are ten-thousandths.
ALTER TABLE deal ADD COLUMN home INTEGER;    -- the amount in the account's own currency, by the CRM's rate
CREATE TABLE tally (
    side INTEGER NOT NULL, state INTEGER NOT NULL, month INTEGER NOT NULL, who TEXT NOT NULL, is_partnered INTEGER NOT NULL,
    attribution TEXT NOT NULL, stage TEXT NOT NULL, position INTEGER NOT NULL, currency TEXT NOT NULL,
    deals INTEGER NOT NULL,
    priced INTEGER NOT NULL, amount INTEGER NOT NULL,     -- those with an amount
    homed INTEGER NOT NULL, home INTEGER NOT NULL,        -- those with one in the account's own currency
    weighed INTEGER NOT NULL, share INTEGER NOT NULL, home_share INTEGER NOT NULL, -- those with an attribution percentage, and it of their amounts
    cycled INTEGER NOT NULL, cycle_days INTEGER NOT NULL, -- those whose days from creation to closing are known
    hygiene INTEGER NOT NULL, to_mend INTEGER NOT NULL, held INTEGER NOT NULL,     -- points, those below 100, those that lack a hard field
    PRIMARY KEY (side, state, month, who, is_partnered, attribution, stage, position, currency)
) WITHOUT ROWID;

-- Totals come from the sums; these were walked for them.
DROP INDEX IF EXISTS deal_by_motion;
DROP INDEX IF EXISTS deal_by_hygiene;
-- Lists, in every order that they have: with what they are narrowed by, so that only rows that are shown are looked at.
DROP INDEX IF EXISTS deal_by_close;
CREATE INDEX deal_by_close ON deal (outcome, close_date, id, motion, stalled_on, partner);
DROP INDEX IF EXISTS deal_by_amount;
CREATE INDEX deal_by_amount ON deal (outcome, amount, id, motion);
DROP INDEX IF EXISTS deal_by_name;
CREATE INDEX deal_by_name ON deal (outcome, name COLLATE NOCASE, id, motion);
DROP INDEX IF EXISTS deal_by_notes;
CREATE INDEX deal_by_notes ON deal (outcome, notes_at, id, motion, partner) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_ending;
CREATE INDEX deal_by_ending ON deal (outcome, protection_end, id, motion) WHERE outcome = 0;
CREATE INDEX deal_by_score ON deal (outcome, hygiene, id, motion) WHERE outcome = 0;
CREATE INDEX deal_by_partner_name ON deal (outcome, partner_name COLLATE NOCASE, id, motion) WHERE outcome = 0;
CREATE INDEX deal_by_stage ON deal (outcome, position, id, motion) WHERE outcome = 0;
CREATE INDEX deal_by_stall ON deal (outcome, stalled_on, motion, partner) WHERE outcome = 0 AND stalled_on IS NOT NULL;
DROP INDEX IF EXISTS deal_by_place;
CREATE INDEX deal_by_place ON deal (outcome, position, close_date, id, motion) WHERE outcome = 0;
-- Protections of a partner that run.
CREATE INDEX deal_protected ON deal (partner, protection_end) WHERE outcome = 0 AND protection_end IS NOT NULL;
