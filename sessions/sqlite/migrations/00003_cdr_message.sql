-- +goose Up
-- How a message ended is asked for by its session, long after it is over. The
-- other sessions pay nothing for it.
CREATE INDEX cdr_message ON cdr (session) WHERE flow = 'push';

-- +goose Down
DROP INDEX cdr_message;
