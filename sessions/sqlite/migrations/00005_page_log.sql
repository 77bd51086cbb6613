-- +goose Up

-- The log of messages is in files of its own (sessions/pagelog), with the records of
-- what has ended, until they are in cdr_block: taken is the last frame of that log
-- whose records are. There is one log. What is left in page is of a build that had its
-- log here.
CREATE TABLE page_log (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    log   INTEGER NOT NULL, -- the number of the log
    taken INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE page_log;
