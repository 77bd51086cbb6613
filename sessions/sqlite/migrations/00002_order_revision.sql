-- +goose Up

-- How often an order of this name was put, so that one that has taken the
-- place of another is not marked as done for it.
ALTER TABLE provisioning_order ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE provisioning_order DROP COLUMN revision;
