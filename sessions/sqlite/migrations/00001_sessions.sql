-- +goose Up

-- A live session. The key is unique: at most one live session has an MDN or a
-- TRN. due_at is the earliest deadline in Unix seconds, 0 for none. It has no
-- index: a running gateway keeps its deadlines in memory, and an index would
-- be moved by nearly every step.
CREATE TABLE session (
    id      INTEGER PRIMARY KEY, -- the 64 bits of the id, as a signed number
    kind    INTEGER NOT NULL,    -- 1 MDN, 2 TRN, 4 message; 3 only within the transaction that records a refusal
    number  INTEGER NOT NULL,
    version INTEGER NOT NULL,
    due_at  INTEGER NOT NULL,
    state   BLOB    NOT NULL,
    UNIQUE (kind, number)
) STRICT;

-- What else a live session is found by.
CREATE TABLE correlation (
    kind    INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    session INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX correlation_session ON correlation (session);

-- What was seen, beyond the end of its session. Times are Unix microseconds
-- here and below.
CREATE TABLE seen (
    key        TEXT    NOT NULL PRIMARY KEY,
    session    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_expires ON seen (expires_at);

-- Messages to be sent. next_at is when a row can be claimed: its due time, or
-- the end of its lease while somebody has it. AUTOINCREMENT, because the
-- number of a deleted row must never name another one.
CREATE TABLE outbox (
    row         INTEGER PRIMARY KEY AUTOINCREMENT,
    dest        TEXT    NOT NULL,
    next_at     INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    validity_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    session     INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    dedup       TEXT,
    body        BLOB    NOT NULL
) STRICT;
CREATE INDEX outbox_next ON outbox (dest, next_at);
CREATE UNIQUE INDEX outbox_dedup ON outbox (dedup) WHERE dedup IS NOT NULL;

-- One row for each finished session. record is JSON; the columns before it
-- are those that are looked for.
CREATE TABLE cdr (
    seq      INTEGER PRIMARY KEY,
    ended_at INTEGER NOT NULL,
    mdn      TEXT    NOT NULL,
    session  TEXT    NOT NULL,
    flow     TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    record   TEXT    NOT NULL
) STRICT;
CREATE INDEX cdr_ended ON cdr (ended_at);
CREATE INDEX cdr_mdn ON cdr (mdn);

CREATE TABLE provisioning_order (
    name       TEXT    NOT NULL PRIMARY KEY,
    mdn        INTEGER NOT NULL,
    min        TEXT    NOT NULL,
    imsi       TEXT    NOT NULL,
    esn        TEXT    NOT NULL,
    meid       TEXT    NOT NULL,
    doc        BLOB    NOT NULL,
    done       INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX provisioning_order_mdn ON provisioning_order (mdn) WHERE mdn <> 0;
CREATE INDEX provisioning_order_min ON provisioning_order (min) WHERE min <> '';
CREATE INDEX provisioning_order_imsi ON provisioning_order (imsi) WHERE imsi <> '';
CREATE INDEX provisioning_order_esn ON provisioning_order (esn) WHERE esn <> '';
CREATE INDEX provisioning_order_meid ON provisioning_order (meid) WHERE meid <> '';

CREATE TABLE blob (
    name       TEXT    NOT NULL PRIMARY KEY,
    data       BLOB    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What Ping writes, to know that writing works.
CREATE TABLE heartbeat (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE heartbeat;
DROP TABLE blob;
DROP TABLE provisioning_order;
DROP TABLE cdr;
DROP TABLE outbox;
DROP TABLE seen;
DROP TABLE correlation;
DROP TABLE session;
