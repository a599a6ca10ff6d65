-- What the CRM itself knows of the worth of business (K-16, K-17): of a deal its annual contract value and what was paid for
-- it to the partner, of a customer how much it renews, how satisfied it is and whether it uses the integration. Amounts and
-- ratios are ten-thousandths, the former in the account's own currency. Rows of a file from before are made anew by whoever
-- opens it, because a version of the policy that there is not is noted as what they were made under, and so are the sums.
ALTER TABLE deal ADD COLUMN annual INTEGER;
ALTER TABLE deal ADD COLUMN incentive INTEGER;
ALTER TABLE company ADD COLUMN retention INTEGER;
ALTER TABLE company ADD COLUMN satisfaction INTEGER;
ALTER TABLE company ADD COLUMN integrated INTEGER;   -- 1 it uses it, 0 it does not
ALTER TABLE company ADD COLUMN joint INTEGER;        -- of such a customer: 1 a deal was won with a partner, 0 without one alone
INSERT INTO value (name, text) VALUES ('policy_shown', '0') ON CONFLICT (name) DO UPDATE SET text = '0';
DELETE FROM tally;
DELETE FROM value WHERE name = 'tally';

-- Customers of which any of that is known: few, where the CRM does not keep it.
CREATE INDEX company_worth ON company (joint, retention, satisfaction, integrated, id)
    WHERE retention IS NOT NULL OR satisfaction IS NOT NULL OR integrated IS NOT NULL;
-- Changes of stage, by when (K-05).
CREATE INDEX movement_of_stage ON movement (at, record, before, after) WHERE kind = 3 AND field = 'stage';
-- Certificates by partner with all that they are counted by (K-12), so that no row is looked at.
DROP INDEX IF EXISTS certification_by_partner;
CREATE INDEX certification_by_partner ON certification (partner, expires, earned, holder, status);
-- Who won a customer is told without a look at its deals.
DROP INDEX IF EXISTS deal_by_account;
CREATE INDEX deal_by_account ON deal (account, outcome, partner);
