-- Files get smaller again. From here on values in the mirror that are numbers, days or moments take the room of a number;
-- rows of before stay as they are until they change. What leads back along links is kept for touches, of which it is
-- asked, and for links to records that were made here, whose ids will change. Blocks of the search fill their pages; those of before
-- stay until they are merged. Of an owner's past there are sums by quarters, as of a partner's: they are made anew by whoever opens the file.
DROP INDEX IF EXISTS link_back;
CREATE INDEX link_of_touch ON link (to_kind, to_id, kind, id) WHERE kind >= 6;
CREATE INDEX link_to_local ON link (to_kind, to_id) WHERE to_id GLOB 'local:*';
INSERT INTO search (search, rank) VALUES ('pgsz', 8000);
DELETE FROM tally;
DELETE FROM value WHERE name = 'tally';
