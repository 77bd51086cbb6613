-- +goose Up

-- The log of sessions/pages: what is on its way and how it came there. Pages
-- come at the end and go at the beginning, so that their numbers have no gap.
CREATE TABLE page (
    seq  INTEGER PRIMARY KEY,
    body BLOB    NOT NULL
) STRICT;

-- The records of one commit of that log, in the form of cdr.Block. Times are
-- Unix microseconds, of the earliest and of the latest end.
CREATE TABLE cdr_block (
    seq      INTEGER PRIMARY KEY,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    flow     TEXT    NOT NULL,
    records  BLOB    NOT NULL
) STRICT;
CREATE INDEX cdr_block_first ON cdr_block (first_at);

-- +goose Down
DROP TABLE cdr_block;
DROP TABLE page;
