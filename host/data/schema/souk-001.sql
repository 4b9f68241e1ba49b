-- SPDX-License-Identifier: Apache-2.0
-- souk-001: the program's own database, data/souk.db.  People live here, apart from the accounts' data.
CREATE TABLE account (
    name      TEXT PRIMARY KEY,                 -- of its file: lower case, digits, -
    created_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
