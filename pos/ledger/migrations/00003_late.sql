-- A person's word, and looks at sales that have ended: facts that earlier versions
-- do not know, and refuse by this migration being there.
-- This file is fixed for ever; a change of the schema is a new migration.

-- +goose Up

-- Whether the outcome is a person's word; none was before.
ALTER TABLE operations ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1));

-- Whether a sale that has ended is looked at again; none was before.
ALTER TABLE operations ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1));

CREATE INDEX operations_doubtful ON operations (opened_at) WHERE doubtful = 1;
