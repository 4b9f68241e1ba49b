-- SPDX-License-Identifier: Apache-2.0
-- 004: what an account writes for itself.  Units as in 001.

CREATE TABLE article (                          -- questions with answers, and related links
    no        INTEGER PRIMARY KEY,
    kind      INTEGER NOT NULL,                 -- 1: question, 2: link
    name      TEXT NOT NULL,                    -- stands in addresses
    language  TEXT NOT NULL,                    -- "" for all readers
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,                    -- Markdown; of a link one line
    address   TEXT NOT NULL,                    -- of a link
    about     TEXT NOT NULL,                    -- what it explains: widget:orders settings:shipping
    changed_s INTEGER NOT NULL,
    UNIQUE (kind, name, language)
) STRICT;
