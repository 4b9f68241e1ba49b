-- SPDX-License-Identifier: Apache-2.0
-- 001: an account's records and totals.  A migration is never edited once it was released.
-- money: integer minor units, its currency beside it; *_s: UTC seconds; *_day: days since 1970-01-01 in the
-- market's zone; NULL: not told.  Plugins see none of these tables, only the views of views.sql.

CREATE TABLE made (                             -- what the views were made from
    file TEXT PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What repeats in every row is kept once.
CREATE TABLE market (
    no           INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,          -- A1PA6795UKMFR9
    data_until_s INTEGER NOT NULL DEFAULT 0,    -- latest instant that an order of this market names
    window_day   INTEGER NOT NULL DEFAULT 0     -- last day of the window in sku_30
) STRICT;

CREATE TABLE sku (
    no     INTEGER PRIMARY KEY,
    sku    TEXT NOT NULL UNIQUE,
    asin   TEXT,
    title  TEXT,
    told_s INTEGER NOT NULL DEFAULT 0           -- when asin and title were said
) STRICT;
CREATE INDEX sku_by_start ON sku (sku COLLATE NOCASE);      -- for the search of short words
CREATE INDEX sku_by_asin ON sku (asin COLLATE NOCASE);

CREATE TABLE status (
    no    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,                 -- as the marketplace writes it; an open set
    state TEXT NOT NULL                         -- pending, unshipped, shipped, cancelled, other
) STRICT;

-- ---- orders -----------------------------------------------------------------------------------------
CREATE TABLE orders (
    no            INTEGER PRIMARY KEY,
    order_id      TEXT NOT NULL UNIQUE,
    updated_s     INTEGER NOT NULL,
    said          INTEGER NOT NULL,             -- hash of what was last told of it; the same again is no news
    market_no     INTEGER NOT NULL,
    purchase_s    INTEGER NOT NULL,
    purchase_day  INTEGER NOT NULL,
    status_no     INTEGER NOT NULL,
    is_open       INTEGER NOT NULL,             -- 1: pending or unshipped
    fulfilment    TEXT NOT NULL,                -- seller, marketplace
    is_business   INTEGER NOT NULL,
    shipped_s     INTEGER,                      -- updated_s of the report that first said shipped
    service_level TEXT,
    ship_country  TEXT,
    ship_region   TEXT                          -- cities, postcodes and names are not kept
) STRICT;
CREATE INDEX orders_by_time ON orders (market_no, purchase_day, purchase_s);
CREATE INDEX orders_open ON orders (market_no, purchase_s) WHERE is_open = 1;
CREATE INDEX orders_shipped ON orders (market_no, shipped_s) WHERE shipped_s IS NOT NULL AND fulfilment = 'seller';

CREATE TABLE order_line (
    order_no            INTEGER NOT NULL,
    sku_no              INTEGER NOT NULL,
    ordinal             INTEGER NOT NULL,       -- 1, 2 ... where an order names one SKU more than once
    is_cancelled        INTEGER NOT NULL,       -- 1: the item is, whatever the order is
    quantity            INTEGER NOT NULL,
    currency            TEXT,                   -- NULL while there is no price
    price_minor         INTEGER,                -- of the line, all units together
    tax_minor           INTEGER,
    shipping_minor      INTEGER,
    shipping_tax_minor  INTEGER,
    gift_minor          INTEGER,
    gift_tax_minor      INTEGER,
    discount_minor      INTEGER,
    ship_discount_minor INTEGER,
    promotions          TEXT,
    extra               TEXT,                   -- columns Souk does not know, as JSON
    PRIMARY KEY (order_no, sku_no, ordinal)
) STRICT, WITHOUT ROWID;

-- ---- totals: kept in step by roll.c -------------------------------------------------------------------
CREATE TABLE sales_hour (
    market_no   INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    hour        INTEGER NOT NULL,               -- whole hours since the day began, 0..24
    fulfilment  INTEGER NOT NULL,
    is_business INTEGER NOT NULL,
    state       TEXT NOT NULL,
    currency    TEXT NOT NULL,                  -- of the lines; of the market where a line has none
    orders      INTEGER NOT NULL,
    lines       INTEGER NOT NULL,
    unpriced    INTEGER NOT NULL,               -- lines without a price
    units       INTEGER NOT NULL,
    sales_minor INTEGER NOT NULL,               -- item prices, without tax, shipping and gift wrap
    PRIMARY KEY (market_no, day, hour, fulfilment, is_business, state, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_day (
    market_no   INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    fulfilment  INTEGER NOT NULL,
    is_business INTEGER NOT NULL,
    state       TEXT NOT NULL,
    currency    TEXT NOT NULL,
    orders      INTEGER NOT NULL,
    lines       INTEGER NOT NULL,
    unpriced    INTEGER NOT NULL,
    units       INTEGER NOT NULL,
    sales_minor INTEGER NOT NULL,
    PRIMARY KEY (market_no, day, fulfilment, is_business, state, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE sku_day (                          -- cancelled lines are left out
    market_no   INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    sku_no      INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    lines       INTEGER NOT NULL,
    units       INTEGER NOT NULL,
    sales_minor INTEGER NOT NULL,
    PRIMARY KEY (market_no, day, sku_no, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE sku_30 (                           -- the 30 days up to market.window_day
    market_no   INTEGER NOT NULL,
    sku_no      INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    lines       INTEGER NOT NULL,
    units       INTEGER NOT NULL,
    sales_minor INTEGER NOT NULL,
    PRIMARY KEY (market_no, sku_no, currency)
) STRICT, WITHOUT ROWID;
CREATE INDEX sku_30_best ON sku_30 (market_no, currency, sales_minor DESC, sku_no);

CREATE TABLE shipped_hour (
    market_no  INTEGER NOT NULL,
    hour       INTEGER NOT NULL,                -- shipped_s / 3600, in UTC
    fulfilment INTEGER NOT NULL,
    orders     INTEGER NOT NULL,
    PRIMARY KEY (market_no, hour, fulfilment)
) STRICT, WITHOUT ROWID;

CREATE TABLE open_day (                         -- orders that wait, by the day of their purchase
    market_no  INTEGER NOT NULL,
    fulfilment INTEGER NOT NULL,
    state      TEXT NOT NULL,
    day        INTEGER NOT NULL,
    orders     INTEGER NOT NULL,
    PRIMARY KEY (market_no, fulfilment, state, day)
) STRICT, WITHOUT ROWID;

-- ---- listings and stock: the latest state, and what was said on which day --------------------------------
CREATE TABLE listing (
    market_no      INTEGER NOT NULL,
    sku_no         INTEGER NOT NULL,
    listing_id     TEXT,
    title          TEXT,
    asin           TEXT,
    price_minor    INTEGER,
    currency       TEXT,
    quantity       INTEGER,                     -- NULL for what the marketplace fulfils
    status         TEXT,                        -- Active, Inactive, ...: an open set
    fulfilment     INTEGER,
    item_condition TEXT,
    shipping_group TEXT,
    opened_s       INTEGER,
    extra          TEXT,
    told_s         INTEGER NOT NULL,            -- as of
    PRIMARY KEY (market_no, sku_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE listing_on (
    market_no   INTEGER NOT NULL,
    sku_no      INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    price_minor INTEGER,
    currency    TEXT,
    quantity    INTEGER,
    status      TEXT,
    PRIMARY KEY (market_no, sku_no, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (                            -- what lies in the marketplace's warehouses
    market_no         INTEGER NOT NULL,
    sku_no            INTEGER NOT NULL,
    fnsku             TEXT,
    fulfillable       INTEGER,
    unsellable        INTEGER,
    reserved          INTEGER,
    researching       INTEGER,
    inbound_working   INTEGER,
    inbound_shipped   INTEGER,
    inbound_receiving INTEGER,
    total             INTEGER,
    told_s            INTEGER NOT NULL,
    PRIMARY KEY (market_no, sku_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_on (
    market_no   INTEGER NOT NULL,
    sku_no      INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    fulfillable INTEGER,
    reserved    INTEGER,
    total       INTEGER,
    PRIMARY KEY (market_no, sku_no, day)
) STRICT, WITHOUT ROWID;

-- ---- money ---------------------------------------------------------------------------------------------
CREATE TABLE cycle (                            -- a closed settlement period
    no            INTEGER PRIMARY KEY,
    settlement_id TEXT NOT NULL UNIQUE,
    format        TEXT NOT NULL,                -- a settlement comes from one format only
    market_no     INTEGER,                      -- the first that a line names
    currency      TEXT NOT NULL,
    start_s       INTEGER,
    end_s         INTEGER,
    deposit_s     INTEGER,
    total_minor   INTEGER,                      -- what the file says was deposited
    lines         INTEGER NOT NULL DEFAULT 0,
    sum_minor     INTEGER NOT NULL DEFAULT 0,   -- what its lines add up to
    account_tail  TEXT                          -- report files do not tell it
) STRICT;
CREATE INDEX cycle_by_end ON cycle (currency, end_s);

CREATE TABLE ledger (                           -- append-only; each row seals the one before
    no          INTEGER PRIMARY KEY,
    cycle_no    INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,               -- of what the line says and the how-manieth of its like it is
    market_no   INTEGER,
    posted_s    INTEGER,
    type        TEXT NOT NULL,                  -- Order, Refund, other-transaction ...
    kind        TEXT NOT NULL,                  -- amount-type: ItemPrice, ItemFees ...
    detail      TEXT NOT NULL,                  -- amount-description: Principal, Commission ...
    order_id    TEXT,
    sku         TEXT,
    quantity    INTEGER,
    minor       INTEGER NOT NULL,               -- in the cycle's currency
    seal        BLOB NOT NULL,                  -- BLAKE2b-256 over the seal before and this row
    UNIQUE (cycle_no, fingerprint)
) STRICT;

CREATE TABLE cycle_total (                      -- a cycle's lines added up, kept by roll.c
    cycle_no INTEGER NOT NULL,
    type     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    detail   TEXT NOT NULL,
    lines    INTEGER NOT NULL,
    minor    INTEGER NOT NULL,
    PRIMARY KEY (cycle_no, type, kind, detail)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (                          -- rows of the payments date-range report
    no            INTEGER PRIMARY KEY,
    fingerprint   INTEGER NOT NULL UNIQUE,
    market_no     INTEGER,
    posted_s      INTEGER NOT NULL,
    settlement_id TEXT,
    type          TEXT NOT NULL,                -- Order, Refund, Transfer ... in the report's language
    is_transfer   INTEGER NOT NULL,             -- 1: a payout, left out of sums
    order_id      TEXT,
    sku           TEXT,
    description   TEXT,
    quantity      INTEGER,
    currency      TEXT NOT NULL,
    product_minor INTEGER,
    fees_minor    INTEGER,                      -- selling, fulfilment and other fees together
    total_minor   INTEGER NOT NULL,
    extra         TEXT
) STRICT;

CREATE TABLE payment_total (                    -- by settlement, kept by roll.c; transfers left out
    settlement_id TEXT NOT NULL,                -- "" where the row names none
    currency      TEXT NOT NULL,
    type          TEXT NOT NULL,
    market_no     INTEGER NOT NULL,             -- 0: none named
    lines         INTEGER NOT NULL,
    minor         INTEGER NOT NULL,
    first_s       INTEGER NOT NULL,
    last_s        INTEGER NOT NULL,
    PRIMARY KEY (settlement_id, currency, type, market_no)
) STRICT, WITHOUT ROWID;

-- ---- what happened -------------------------------------------------------------------------------------
CREATE TABLE import (
    no         INTEGER PRIMARY KEY,
    at_s       INTEGER NOT NULL,
    name       TEXT NOT NULL,                   -- of the file, without its folder
    format     TEXT NOT NULL,                   -- amazon.settlement-v2 ...
    charset    TEXT NOT NULL,
    market_no  INTEGER,
    bytes      INTEGER NOT NULL,
    hash       BLOB NOT NULL,                   -- BLAKE2b-256 of the decompressed file
    took_ms    INTEGER NOT NULL,
    rows       INTEGER NOT NULL,                -- accepted + unchanged + rejected
    accepted   INTEGER NOT NULL,
    unchanged  INTEGER NOT NULL,
    rejected   INTEGER NOT NULL,
    header     BLOB NOT NULL                    -- its header line, for the file of rejected rows
) STRICT;

CREATE TABLE reject (
    import_no INTEGER NOT NULL,
    line      INTEGER NOT NULL,
    field     TEXT NOT NULL,                    -- column that is wrong, or ""
    plugin    TEXT NOT NULL,                    -- whose texts word the reason; "" for the host
    reason    TEXT NOT NULL,                    -- message key
    args      TEXT NOT NULL,                    -- its arguments, a JSON object of texts and numbers
    raw       BLOB NOT NULL,                    -- the line as it stood in the file
    PRIMARY KEY (import_no, line)
) STRICT;

CREATE TABLE event (
    no   INTEGER PRIMARY KEY,
    at_s INTEGER NOT NULL,
    kind TEXT NOT NULL,                         -- import.done, settlement.unbalanced
    ref  TEXT NOT NULL,                         -- import:7, cycle:7293436482
    data TEXT NOT NULL                          -- JSON
) STRICT;
CREATE INDEX event_by_kind ON event (kind, no);

CREATE TABLE kept (                             -- plugins' own small stores
    plugin TEXT NOT NULL,
    key    TEXT NOT NULL,
    value  BLOB NOT NULL,
    PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;

-- Full text over listings; trigrams, so that part numbers and Chinese are found.
CREATE VIRTUAL TABLE listing_text USING fts5 (sku, asin, title, tokenize = 'trigram');
