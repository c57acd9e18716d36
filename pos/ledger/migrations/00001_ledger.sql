-- The till's record: entries, which only grow, and operations, what they amount to.
-- This file is fixed for ever; a change of the schema is a new migration.

-- +goose Up

-- "CPOS": says that a file is a ledger of this program and of no other.
PRAGMA application_id = 1129336659;

CREATE TABLE entries (
    seq       INTEGER PRIMARY KEY CHECK (seq >= 1), -- place in the chain: 1, 2, 3, without gaps
    op        TEXT    NOT NULL CHECK (op <> ''),    -- the operation it is a fact of
    n         INTEGER NOT NULL CHECK (n >= 1),      -- place within the operation, without gaps
    name      TEXT    NOT NULL,                     -- the fact's name
    at        TEXT    NOT NULL,                     -- when it became known: RFC 3339, UTC, nine decimals
    body      TEXT    NOT NULL,                     -- the fact's content, JSON
    prev_hash BLOB    NOT NULL CHECK (length(prev_hash) = 32),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    UNIQUE (op, n)
) STRICT;

-- Further requests of a sale are found by their own ids too.
CREATE INDEX entries_stray_id ON entries (json_extract(body, '$.request.id')) WHERE name = 'stray-found';
CREATE INDEX entries_stray_code ON entries (json_extract(body, '$.request.shortCode') COLLATE NOCASE) WHERE name = 'stray-found';

CREATE TABLE operations (
    first_seq    INTEGER PRIMARY KEY,               -- the entry that opened it; orders operations by age
    last_seq     INTEGER NOT NULL UNIQUE,           -- its newest entry
    last_n       INTEGER NOT NULL,                  -- how many entries it has
    op           TEXT    NOT NULL UNIQUE,
    kind         TEXT    NOT NULL,
    service      TEXT    NOT NULL,
    external_ref TEXT    NOT NULL,
    request_id   TEXT    NOT NULL,
    short_code   TEXT    NOT NULL,
    currency     TEXT    NOT NULL,                  -- empty when no amount is known
    amount       TEXT    NOT NULL,                  -- exact decimal, in the currency's smallest unit
    status       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    opened_at    TEXT    NOT NULL,
    updated_at   TEXT    NOT NULL,                  -- when its newest entry became known
    closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
    owner        TEXT    NOT NULL                   -- the process that may append to it
) STRICT;

CREATE INDEX operations_short_code ON operations (short_code COLLATE NOCASE);
CREATE INDEX operations_request_id ON operations (request_id);
CREATE INDEX operations_external_ref ON operations (external_ref COLLATE NOCASE);
CREATE INDEX operations_opened_at ON operations (opened_at);
CREATE INDEX operations_unfinished ON operations (first_seq) WHERE closed = 0;

-- +goose StatementBegin
CREATE TRIGGER entries_grow_at_the_end BEFORE INSERT ON entries
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entries)
  OR NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM entries WHERE op = NEW.op)
  OR NEW.seq > 1 AND NEW.prev_hash IS NOT (SELECT hash FROM entries WHERE seq = NEW.seq - 1)
BEGIN
    SELECT RAISE(ABORT, 'the ledger grows at its end only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries of the ledger are never changed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries of the ledger are never removed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER operations_never_go BEFORE DELETE ON operations
BEGIN
    SELECT RAISE(ABORT, 'operations of the ledger are never removed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER operations_only_advance BEFORE UPDATE ON operations
WHEN NEW.op <> OLD.op OR NEW.first_seq <> OLD.first_seq OR NEW.last_seq < OLD.last_seq OR NEW.last_n < OLD.last_n
BEGIN
    SELECT RAISE(ABORT, 'operations of the ledger only advance');
END;
-- +goose StatementEnd
