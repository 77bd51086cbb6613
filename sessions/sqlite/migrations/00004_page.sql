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

-- In which blocks a session has records. A run is made of many ends at a time,
-- of which one in a row each would be most of the cost: it has those up to a
-- block, sorted, in pieces of (session, block) of 8 octets each. What came after
-- the last run is in memory, and is read again at the start.
CREATE TABLE cdr_run (
    upto INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE cdr_piece (
    upto    INTEGER NOT NULL,
    first   INTEGER NOT NULL, -- the lowest session of the piece, as a signed number
    entries BLOB    NOT NULL,
    PRIMARY KEY (upto, first)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE cdr_piece;
DROP TABLE cdr_run;
DROP TABLE cdr_block;
DROP TABLE page;
