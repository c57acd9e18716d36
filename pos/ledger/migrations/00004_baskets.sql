-- Baskets, change for change: entries of the same chain, whose op is "basket:" and the
-- basket's id, and lines of what they amount to. Earlier versions do not know them,
-- and refuse the ledger by this migration being there.
-- This file is fixed for ever; a change of the schema is a new migration.

-- +goose Up

CREATE TABLE baskets (
    first_seq  INTEGER PRIMARY KEY,               -- the entry that started it; orders baskets by age
    last_seq   INTEGER NOT NULL UNIQUE,           -- its newest entry
    last_n     INTEGER NOT NULL,                  -- how many entries it has
    basket     TEXT    NOT NULL UNIQUE,
    till       TEXT    NOT NULL,
    stage      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    customer   TEXT    NOT NULL,
    lines      INTEGER NOT NULL,
    currency   TEXT    NOT NULL,
    total      TEXT    NOT NULL,                  -- exact decimal, in the currency's smallest unit
    paid       TEXT    NOT NULL,
    opened_at  TEXT    NOT NULL,
    opened_by  TEXT    NOT NULL,
    changed_at TEXT    NOT NULL,
    changed_by TEXT    NOT NULL,
    refs       TEXT    NOT NULL,                  -- the references it was to be paid under, a JSON array
    owner      TEXT    NOT NULL                   -- the process that may add to it; empty when nobody has it
) STRICT;

CREATE INDEX baskets_in_progress ON baskets (till) WHERE stage IN ('selling', 'paying');
CREATE INDEX baskets_held ON baskets (changed_at) WHERE stage = 'held';
CREATE INDEX baskets_ended ON baskets (changed_at) WHERE stage IN ('sold', 'discarded');

-- A basket is found by the reference it was to be paid under.
CREATE INDEX entries_payment_asked ON entries (json_extract(body, '$.change.ref')) WHERE name = 'payment-asked';

-- +goose StatementBegin
CREATE TRIGGER baskets_never_go BEFORE DELETE ON baskets
BEGIN
    SELECT RAISE(ABORT, 'baskets of the ledger are never removed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER baskets_only_advance BEFORE UPDATE ON baskets
WHEN NEW.basket <> OLD.basket OR NEW.first_seq <> OLD.first_seq OR NEW.last_seq < OLD.last_seq OR NEW.last_n < OLD.last_n
BEGIN
    SELECT RAISE(ABORT, 'baskets of the ledger only advance');
END;
-- +goose StatementEnd

-- Short codes are found however they are spelt, and what has none takes up no room.
DROP INDEX operations_short_code;
DROP INDEX operations_activity_code;
DROP INDEX operations_request_id;
DROP INDEX entries_stray_code;
CREATE INDEX operations_short_code ON operations (replace(upper(short_code), '-', '')) WHERE short_code <> '';
CREATE INDEX operations_activity_code ON operations (replace(upper(activity_code), '-', '')) WHERE activity_code <> '';
CREATE INDEX operations_request_id ON operations (request_id) WHERE request_id <> '';
CREATE INDEX entries_stray_code ON entries (replace(upper(json_extract(body, '$.request.shortCode')), '-', '')) WHERE name = 'stray-found';
