-- Refunds, confirmations and releases: operations of kinds, with facts, that
-- earlier versions do not know, and refuse by this migration being there.
-- This file is fixed for ever; a change of the schema is a new migration.

-- +goose Up

-- The own short code of a refund, a confirmation or a release; empty for all
-- operations there were before.
ALTER TABLE operations ADD COLUMN activity_code TEXT NOT NULL DEFAULT '';

CREATE INDEX operations_activity_code ON operations (activity_code COLLATE NOCASE) WHERE activity_code <> '';
