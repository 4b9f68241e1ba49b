-- SPDX-License-Identifier: Apache-2.0
-- 006: how somebody wants to read.

CREATE TABLE preference (                       -- no row: as the account wants it, or as it is
    reader TEXT NOT NULL,                       -- user, or local; "" the account
    name   TEXT NOT NULL,                       -- language, zone, numbers, start
    value  TEXT NOT NULL,
    PRIMARY KEY (reader, name)
) STRICT, WITHOUT ROWID;
