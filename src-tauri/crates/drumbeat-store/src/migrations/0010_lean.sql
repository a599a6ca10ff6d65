-- Files get smaller and a first sync shorter. Lists are ordered by the place of a row where they are equal, which takes
-- less room in each index than the CRM's id; a partner's past is summed up by quarters and in the account's own currency
-- alone, where by months there were hardly fewer sums than deals. Since when a deal is in its stage stands beside it now.
-- Rows of a file from before are made anew by whoever opens it, because a version of the policy that there is not is
-- noted as what they were made under, and so are the sums.
ALTER TABLE deal ADD COLUMN entered_on INTEGER;    -- since which day it is in its stage, as the CRM says
INSERT INTO value (name, text) VALUES ('policy_shown', '0') ON CONFLICT (name) DO UPDATE SET text = '0';
DELETE FROM tally;
DELETE FROM value WHERE name = 'tally';

DROP INDEX IF EXISTS deal_by_close;
CREATE INDEX deal_by_close ON deal (outcome, close_date, row, motion, stalled_on, partner);
DROP INDEX IF EXISTS deal_by_amount;
CREATE INDEX deal_by_amount ON deal (outcome, amount, row, motion);
DROP INDEX IF EXISTS deal_by_name;
CREATE INDEX deal_by_name ON deal (outcome, name COLLATE NOCASE, row, motion);
DROP INDEX IF EXISTS deal_by_notes;
CREATE INDEX deal_by_notes ON deal (outcome, notes_at, row, motion, partner) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_step;
CREATE INDEX deal_by_step ON deal (outcome, next_step_due, row) WHERE outcome = 0 AND partner IS NOT NULL AND next_step_due IS NOT NULL;
DROP INDEX IF EXISTS deal_by_ending;
CREATE INDEX deal_by_ending ON deal (outcome, protection_end, row, motion) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_score;
CREATE INDEX deal_by_score ON deal (outcome, hygiene, row, motion) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_partner_name;
CREATE INDEX deal_by_partner_name ON deal (outcome, partner_name COLLATE NOCASE, row, motion) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_stage;
CREATE INDEX deal_by_stage ON deal (outcome, position, row, motion) WHERE outcome = 0;
DROP INDEX IF EXISTS deal_by_place;
CREATE INDEX deal_by_place ON deal (outcome, position, close_date, row, motion) WHERE outcome = 0;
