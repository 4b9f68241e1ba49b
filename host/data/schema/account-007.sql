-- SPDX-License-Identifier: Apache-2.0
-- Settings: records of the settings modules, and every change of them.  See data/settings.h.

CREATE TABLE settings_record (
    no         INTEGER PRIMARY KEY,
    module     TEXT NOT NULL,
    id         INTEGER NOT NULL,                -- 1, 2 ... within its module; a number comes once
    version    INTEGER NOT NULL,                -- grows with each change
    schema     INTEGER NOT NULL,                -- of the module, when it was kept last
    changed_s  INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    UNIQUE (module, id)
) STRICT;

-- What is empty has no row.
CREATE TABLE settings_value (
    no           INTEGER PRIMARY KEY,
    record_no    INTEGER NOT NULL REFERENCES settings_record (no) ON DELETE CASCADE,
    field        TEXT NOT NULL,
    part         TEXT NOT NULL,                 -- number of a row, id of a market; "" of the field itself
    inner        TEXT NOT NULL,                 -- field within a record or table; else ""
    type         TEXT NOT NULL,                 -- as in the SDK: text, count, money ...; tail: the text is sealed
    num          INTEGER NOT NULL,
    den          INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    text         TEXT NOT NULL,
    value_sealed BLOB,                          -- a secret: see vault.h
    is_personal  INTEGER NOT NULL,
    UNIQUE (record_no, field, part, inner)
) STRICT;

CREATE TABLE settings_change (
    no      INTEGER PRIMARY KEY,
    lead_no INTEGER NOT NULL,                   -- the change that it came with, such as the end of another default; or 0
    undoes  INTEGER NOT NULL,                   -- the change that it takes back; or 0
    at_s    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    via     TEXT NOT NULL,
    module  TEXT NOT NULL,
    id      INTEGER NOT NULL,                   -- of the record, which may be gone
    what    TEXT NOT NULL                       -- added, changed, removed
) STRICT;
CREATE INDEX settings_change_of ON settings_change (module, id, no);
CREATE INDEX settings_change_undoes ON settings_change (undoes);

CREATE TABLE settings_history (                 -- the values that a change was about, as they were and became
    no           INTEGER PRIMARY KEY,
    change_no    INTEGER NOT NULL REFERENCES settings_change (no) ON DELETE CASCADE,
    is_after     INTEGER NOT NULL,
    field        TEXT NOT NULL,
    part         TEXT NOT NULL,
    inner        TEXT NOT NULL,
    type         TEXT NOT NULL,
    num          INTEGER NOT NULL,
    den          INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    text         TEXT NOT NULL,
    value_sealed BLOB,
    is_personal  INTEGER NOT NULL
) STRICT;
CREATE INDEX settings_history_of ON settings_history (change_no);
