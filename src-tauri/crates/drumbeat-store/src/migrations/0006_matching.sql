-- What companies and registrations are found by beside their names: the digits of a telephone line, and the place of a
-- claimed company. Filled from the mirror when a file of an older format is opened, as the value says.
ALTER TABLE company ADD COLUMN phone TEXT;
ALTER TABLE registration ADD COLUMN country TEXT;
ALTER TABLE registration ADD COLUMN city TEXT;
ALTER TABLE registration ADD COLUMN phone TEXT;
INSERT INTO value (name, text) VALUES ('matching.fill', '1');

-- Open deals without an account, by the companies that their names may mean; rows like those of match_account.
CREATE TABLE match_deal (term INTEGER PRIMARY KEY, count INTEGER NOT NULL, ids BLOB);
-- Those without an account are found by it too.
DROP INDEX IF EXISTS deal_by_account;
CREATE INDEX deal_by_account ON deal (account, outcome);
