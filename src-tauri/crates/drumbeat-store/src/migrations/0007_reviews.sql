-- Deals as they stood when a review started: a row is kept when a deal changes for the first time after the start that
-- `mark` counts, so that what is kept follows what changes and not the book. Absent then: only id, mark and `known` 0.
CREATE TABLE deal_was (
    id TEXT NOT NULL, mark INTEGER NOT NULL, known INTEGER NOT NULL,
    name TEXT, partner TEXT, motion TEXT, amount INTEGER, currency TEXT,
    stage TEXT, position INTEGER, outcome INTEGER, close_date INTEGER,
    PRIMARY KEY (id, mark)
) WITHOUT ROWID;
CREATE INDEX deal_was_by_mark ON deal_was (mark);

-- The pipeline that is reviewed, open deals of partners: its totals, and the candidates of an agenda. Partner and
-- outcome are there so that both are found without a look at the rows.
CREATE INDEX deal_in_review ON deal (motion, currency, amount, stalled_on, partner, outcome) WHERE outcome = 0 AND partner IS NOT NULL;
-- Renewals by their day.
CREATE INDEX company_by_renewal ON company (renewal_date, id) WHERE renewal_date IS NOT NULL AND incumbent IS NOT NULL;

-- Open deals by their place on the way, closing first: the board. Motion and amount are there so that it is walked and added
-- up without a look at the rows; the outcome, so that it is taken before any other.
CREATE INDEX deal_by_place ON deal (outcome, position, close_date, id, motion, currency, amount) WHERE outcome = 0;
-- Hygiene by motion, owner and partner, without a look at the rows.
CREATE INDEX deal_by_hygiene ON deal (motion, owner, partner, hygiene, missing_hard) WHERE outcome = 0 AND partner IS NOT NULL;
