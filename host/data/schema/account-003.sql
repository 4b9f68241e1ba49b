-- SPDX-License-Identifier: Apache-2.0
-- Changes of listings that are to go out: prices, quantities, on sale or not; and the files they are handed in with.
CREATE TABLE outgoing (
    no            INTEGER PRIMARY KEY,
    batch_no      INTEGER NOT NULL,             -- number of the first of those that one command asked for
    market_no     INTEGER NOT NULL,
    sku_no        INTEGER NOT NULL,
    kind          TEXT NOT NULL,                -- price, quantity, status
    state         TEXT NOT NULL,                -- queued, downloaded, handed_in, confirmed, failed, cancelled, replaced
    at_s          INTEGER NOT NULL,             -- asked for
    state_s       INTEGER NOT NULL,             -- in this state since
    reason        TEXT NOT NULL,                -- "" by hand, vacation
    why           TEXT NOT NULL DEFAULT '',     -- it failed
    price_minor   INTEGER,                      -- wanted
    least_minor   INTEGER,
    most_minor    INTEGER,
    currency      TEXT,
    quantity      INTEGER,
    handling_days INTEGER,
    status        TEXT,                         -- active, inactive
    was_minor     INTEGER,                      -- what the last report said when it was asked for
    was_quantity  INTEGER,
    was_status    TEXT,
    file_no       INTEGER,                      -- it went out with
    handed_in_s   INTEGER,
    by_no         INTEGER                       -- the newer one that took its place
) STRICT;
CREATE INDEX outgoing_open ON outgoing (market_no, sku_no, kind) WHERE state IN ('queued', 'downloaded', 'handed_in');
CREATE INDEX outgoing_by_sku ON outgoing (sku_no, no);
CREATE INDEX outgoing_by_file ON outgoing (file_no, no) WHERE file_no IS NOT NULL;
CREATE INDEX outgoing_by_batch ON outgoing (batch_no);

CREATE TABLE outgoing_file (
    no          INTEGER PRIMARY KEY,
    market_no   INTEGER NOT NULL,
    kind        TEXT NOT NULL,                  -- price_quantity, inventory_loader
    at_s        INTEGER NOT NULL,               -- made
    handed_in_s INTEGER
) STRICT;
