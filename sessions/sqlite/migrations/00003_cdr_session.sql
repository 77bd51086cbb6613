-- +goose Up
-- How a message ended is asked for by its session, long after it is over.
CREATE INDEX cdr_session ON cdr (session);

-- +goose Down
DROP INDEX cdr_session;
