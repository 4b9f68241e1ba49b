-- SPDX-License-Identifier: Apache-2.0
-- 005: what is erased by itself.

CREATE TABLE retention (                        -- no row: it is kept
    kind TEXT PRIMARY KEY,                      -- letters, feedback, notices, rejects, orders
    days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
