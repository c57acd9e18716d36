-- +goose Up
PRAGMA application_id = 1129333571; -- "CPCC"

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- scan is the barcode as it is compared: an EAN-13 for a UPC-A. folded is the name
-- without accents and capitals, for the names that begin with what is typed.
CREATE TABLE products (
	id         INTEGER PRIMARY KEY,
	sku        TEXT    NOT NULL COLLATE NOCASE,
	gtin       TEXT    NOT NULL DEFAULT '',
	scan       TEXT    NOT NULL DEFAULT '',
	name       TEXT    NOT NULL,
	folded     TEXT    NOT NULL,
	price      INTEGER NOT NULL,
	unit       TEXT    NOT NULL,
	tax        TEXT    NOT NULL,
	restricted INTEGER NOT NULL DEFAULT 0,
	department TEXT    NOT NULL DEFAULT '',
	class      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX products_sku ON products (sku);
CREATE UNIQUE INDEX products_scan ON products (scan) WHERE scan <> '';
CREATE INDEX products_folded ON products (folded);
CREATE INDEX products_department ON products (department) WHERE department <> '';

CREATE TABLE quick (
	number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 999),
	sku    TEXT NOT NULL COLLATE NOCASE
) STRICT;

-- Which words stand in which names. It holds no text of its own, and no more about
-- a word than that it is there.
CREATE VIRTUAL TABLE names USING fts5 (
	folded, content = 'products', content_rowid = 'id', detail = 'none', columnsize = 0,
	tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3 4'
);
CREATE VIRTUAL TABLE words USING fts5vocab (names, 'row');
