-- Deals in several currencies stand in the order of what they are worth in the account's own; those that no rate is known
-- of as their amounts are.
DROP INDEX IF EXISTS deal_by_amount;
CREATE INDEX deal_by_amount ON deal (outcome, coalesce(home, amount), row, motion);
