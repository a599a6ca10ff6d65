-- What more of the program's numbers are counted from (K-05, K-07 to K-10): of a deal whether it is new, renews or expands,
-- what its products name and when its protection began; of a registration why it was declined and when it first met the
-- customer; since when a company is a partner. Kept sums have cells of their own for the first three. Rows of a file from
-- before are made anew by whoever opens it, because a version of the policy that there is not is noted as what they
-- were made under.
ALTER TABLE deal ADD COLUMN kind TEXT;
ALTER TABLE deal ADD COLUMN attached INTEGER;      -- 0 neither, 1 services, 2 an integration, 3 both; nothing when no product is named
ALTER TABLE deal ADD COLUMN registered_on INTEGER; -- first day of the protection of what was registered
ALTER TABLE registration ADD COLUMN decline_reason TEXT;
ALTER TABLE registration ADD COLUMN met_on INTEGER;
ALTER TABLE company ADD COLUMN partner_since INTEGER;
INSERT INTO value (name, text) VALUES ('policy_shown', '0') ON CONFLICT (name) DO UPDATE SET text = '0';

CREATE INDEX registration_submitted ON registration (submitted_at, partner, motion, owner);
DROP INDEX IF EXISTS registration_decided;
CREATE INDEX registration_decided ON registration (is_open, decided_at, id, submitted_at, status, decline_reason, met_on, partner, motion, owner);
CREATE INDEX registration_ended ON registration (protection_end, status, partner, motion, owner) WHERE protection_end IS NOT NULL;

DROP INDEX IF EXISTS channel_raised;
CREATE INDEX channel_raised ON channel_conflict (raised_at, is_sign, acknowledged_at, closed_at);
CREATE INDEX channel_closed ON channel_conflict (closed_at, is_sign, state, by_rule) WHERE closed_at IS NOT NULL;
