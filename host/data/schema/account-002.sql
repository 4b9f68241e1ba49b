-- SPDX-License-Identifier: Apache-2.0
-- 002: letters, cases, claims, feedback, account health, notices, returns, promotions, traffic, suggestions;
-- commands with their audit log, the outbox, layouts, the full-text index.  Units as in 001.

-- What views were made from: a number for each group of records that changed.  See data/touched.
CREATE TABLE touched (
    area    TEXT PRIMARY KEY,                   -- orders, money, listings, stock, letters, cases, claims ...
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- letters: everything that was written, by whom and to what it belongs ----------------------------------
CREATE TABLE thread (                           -- a talk with a buyer
    no           INTEGER PRIMARY KEY,
    thread_id    TEXT NOT NULL UNIQUE,          -- of the first letter that is known, or of order and buyer
    market_no    INTEGER,
    order_id     TEXT,
    subject      TEXT NOT NULL,
    buyer        TEXT NOT NULL,                 -- display name as the mail says, "" when it does not
    reply_to     TEXT NOT NULL,                 -- the marketplace's relay address, "" when unknown
    first_s      INTEGER NOT NULL,
    last_in_s    INTEGER,                       -- newest letter of the buyer
    last_out_s   INTEGER,                       -- newest answer
    waits_s      INTEGER,                       -- oldest letter that waits for an answer; NULL: none does
    letters      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX thread_waits ON thread (waits_s) WHERE waits_s IS NOT NULL;
CREATE INDEX thread_by_time ON thread (last_in_s);
CREATE INDEX thread_by_last ON thread (max(coalesce(last_in_s, first_s), coalesce(last_out_s, first_s)));
CREATE INDEX thread_by_order ON thread (order_id);

CREATE TABLE cases (                            -- a talk with the marketplace's support
    no        INTEGER PRIMARY KEY,
    case_id   TEXT NOT NULL UNIQUE,             -- the marketplace's number, or own-N
    market_no INTEGER,
    subject   TEXT NOT NULL,
    state     TEXT NOT NULL,                    -- open, answered, attention, reopened, closed; an open set
    ref       TEXT,                             -- what it is about: order:..., sku:..., settlement:...
    opened_s  INTEGER NOT NULL,
    changed_s INTEGER NOT NULL,
    closes_s  INTEGER,                          -- closes by itself then
    source    TEXT NOT NULL                     -- typed, mail, api
) STRICT;
CREATE INDEX cases_by_state ON cases (state, changed_s);

CREATE TABLE claim (                            -- A-to-z claims and chargebacks
    no        INTEGER PRIMARY KEY,
    claim_id  TEXT NOT NULL UNIQUE,             -- the marketplace's number, or kind and order
    kind      TEXT NOT NULL,                    -- a_to_z, chargeback, safe_t
    market_no INTEGER,
    order_id  TEXT,
    state     TEXT NOT NULL,                    -- action, review, appeal, closed
    outcome   TEXT,                             -- granted, denied, withdrawn, reimbursed; NULL: not decided
    reason    TEXT,
    minor     INTEGER,
    currency  TEXT,
    opened_s  INTEGER NOT NULL,
    changed_s INTEGER NOT NULL,
    due_s     INTEGER,                          -- the seller's next deadline; NULL: none
    due_rule  TEXT,                             -- policy key it comes from; NULL: the source names it
    counts    INTEGER NOT NULL DEFAULT 1,       -- 0: does not count in the order defect rate
    told_s    INTEGER NOT NULL,
    source    TEXT NOT NULL                     -- mail, ledger, returns, typed, api
) STRICT;
CREATE INDEX claim_by_state ON claim (state, due_s);
CREATE INDEX claim_by_order ON claim (order_id);
CREATE INDEX ledger_by_order ON ledger (order_id) WHERE order_id IS NOT NULL;   -- what was settled of an order
CREATE INDEX claim_by_time ON claim (opened_s);

CREATE TABLE letter (
    no        INTEGER PRIMARY KEY,
    letter_id TEXT NOT NULL UNIQUE,             -- Message-ID of a mail, or own-N
    of        TEXT NOT NULL,                    -- thread, case, claim
    of_no     INTEGER NOT NULL,
    at_s      INTEGER NOT NULL,
    side      TEXT NOT NULL,                    -- in: written to the seller, out: by the seller, note: to oneself
    state     TEXT NOT NULL,                    -- received, draft, queued, sent, bounced
    sender    TEXT NOT NULL,                    -- display name, "" when unknown
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,                    -- plain text; card numbers were masked before it was written
    masked    INTEGER NOT NULL DEFAULT 0,       -- so many card numbers were
    needs     INTEGER NOT NULL,                 -- 1: counts as a letter to be answered
    answered_s INTEGER                          -- when the first answer after it was written
) STRICT;
CREATE INDEX letter_by_of ON letter (of, of_no, at_s);
CREATE INDEX letter_needs ON letter (of, at_s, of_no, answered_s, side, needs) WHERE needs = 1;     -- whole answers, no bodies

-- ---- feedback ----------------------------------------------------------------------------------------------
CREATE TABLE feedback (
    no          INTEGER PRIMARY KEY,
    market_no   INTEGER NOT NULL,
    order_id    TEXT NOT NULL,
    day         INTEGER NOT NULL,
    stars       INTEGER NOT NULL,               -- 1 to 5; the file holds 1 to 3 only
    comment     TEXT NOT NULL,
    response    TEXT NOT NULL,
    removal_s   INTEGER,                        -- when its removal was asked for
    removed_s   INTEGER,                        -- when it was found removed
    told_s      INTEGER NOT NULL,
    UNIQUE (order_id)
) STRICT;
CREATE INDEX feedback_by_day ON feedback (market_no, day);

CREATE TABLE feedback_count (                   -- what the marketplace's table says, typed in or imported
    market_no   INTEGER NOT NULL,
    day         INTEGER NOT NULL,               -- as of
    window_days INTEGER NOT NULL,               -- 30, 90, 365; 0: lifetime
    positive    INTEGER NOT NULL,
    neutral     INTEGER NOT NULL,
    negative    INTEGER NOT NULL,
    source      TEXT NOT NULL,                  -- typed, api
    stars_100   INTEGER,                        -- stars as the marketplace shows them, in hundredths: 480 is 4.8
    PRIMARY KEY (market_no, day, window_days)
) STRICT, WITHOUT ROWID;

-- ---- account health ----------------------------------------------------------------------------------------
CREATE TABLE health (                           -- one row per market and report
    market_no  INTEGER NOT NULL,
    at_s       INTEGER NOT NULL,                -- as of: the latest instant that the report names, or typed
    status     TEXT NOT NULL,                   -- NORMAL, AT_RISK, DEACTIVATED ...: an open set; "" not told
    rating     INTEGER,                         -- AHR 0 to 1000; imported or typed, never computed
    rating_status TEXT,                         -- GOOD, WARNED, AT_RISK ...
    source     TEXT NOT NULL,                   -- report, typed, api
    PRIMARY KEY (market_no, at_s)
) STRICT, WITHOUT ROWID;

CREATE TABLE health_metric (
    market_no  INTEGER NOT NULL,
    at_s       INTEGER NOT NULL,
    metric     TEXT NOT NULL,                   -- defect, late, cancel, tracking, delivery, invoice ... or as the report names it
    fulfilment TEXT NOT NULL,                   -- seller, marketplace; "" where it does not apply
    num        INTEGER,                         -- defects
    den        INTEGER,                         -- orders; NULL for a plain count
    claims     INTEGER,                         -- parts of the order defect rate
    chargebacks INTEGER,
    negative   INTEGER,
    rate_ppm   INTEGER,                         -- as the report says it, millionths; may differ from num / den
    target_ppm INTEGER,
    condition  TEXT,                            -- LESS_THAN, GREATER_THAN, EQUALS
    status     TEXT NOT NULL,                   -- GOOD, FAIR, BAD, NONE ...: an open set
    from_s     INTEGER,
    to_s       INTEGER,
    PRIMARY KEY (market_no, at_s, metric, fulfilment)
) STRICT, WITHOUT ROWID;

-- ---- notices -----------------------------------------------------------------------------------------------
CREATE TABLE notice (
    no         INTEGER PRIMARY KEY,
    notice_id  TEXT NOT NULL UNIQUE,            -- source and its own id: the same again is no news
    at_s       INTEGER NOT NULL,
    class      TEXT NOT NULL,                   -- account, policy, infringement, metric, listing, pricing, fee,
                                                -- payment, import, mail, holiday: an open set
    kind       TEXT NOT NULL,                   -- ACCOUNT_STATUS_CHANGED, health.worse, import.rejected ...
    severity   TEXT NOT NULL,                   -- info, watch, bad
    market_no  INTEGER,
    subject    TEXT NOT NULL,                   -- what it is about: a name, a mail's subject, a metric
    before     TEXT NOT NULL,                   -- state before, "" when none
    after      TEXT NOT NULL,                   -- state now, or a text
    ref        TEXT,                            -- what it leads to: import:7, sku:A-1, order:..., settlement:...
    deadline_s INTEGER,
    minor      INTEGER,                         -- money at stake where known
    currency   TEXT,
    read_s     INTEGER,
    done_s     INTEGER,                         -- acknowledged
    source     TEXT NOT NULL                    -- notification, report, mail, typed, souk
) STRICT;
CREATE INDEX notice_open ON notice (at_s) WHERE done_s IS NULL;
CREATE INDEX notice_by_time ON notice (at_s);

-- ---- returns, promotions, traffic ----------------------------------------------------------------------------
CREATE TABLE return_line (
    no          INTEGER PRIMARY KEY,
    fingerprint INTEGER NOT NULL UNIQUE,        -- of order, SKU, request day and RMA
    market_no   INTEGER,
    order_id    TEXT NOT NULL,
    sku         TEXT NOT NULL,
    order_day   INTEGER,
    request_day INTEGER,
    status      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    resolution  TEXT NOT NULL,
    quantity    INTEGER,
    a_to_z      INTEGER,                        -- 1: the buyer made an A-to-z claim
    in_policy   INTEGER,
    safe_t      TEXT,                           -- state of the SAFE-T claim
    currency    TEXT,
    refund_minor INTEGER,
    label_minor INTEGER,                        -- cost of the label
    told_s      INTEGER NOT NULL
) STRICT;
CREATE INDEX return_by_order ON return_line (order_id);
CREATE INDEX return_by_day ON return_line (request_day);

CREATE TABLE promotion (
    no           INTEGER PRIMARY KEY,
    promotion_id TEXT NOT NULL UNIQUE,          -- the marketplace's, or own-N
    source       TEXT NOT NULL,                 -- report, own
    kind         TEXT NOT NULL,                 -- BEST_DEAL, LIGHTNING_DEAL, coupon, percent_off ...: an open set
    name         TEXT NOT NULL,
    status       TEXT NOT NULL,                 -- as the source says: APPROVED ...; own: draft, active, paused, ended
    market_no    INTEGER,
    start_s      INTEGER,
    end_s        INTEGER,
    currency     TEXT,
    discount     TEXT NOT NULL,                 -- how it is worded: "10 %", "40.00 USD"
    params       TEXT,                          -- own: its parameters, a JSON object
    views        INTEGER,
    units        INTEGER,
    revenue_minor INTEGER,
    spent_minor  INTEGER,
    budget_minor INTEGER,
    left_minor   INTEGER,
    clips        INTEGER,
    redemptions  INTEGER,
    told_s       INTEGER NOT NULL
) STRICT;
CREATE INDEX promotion_by_time ON promotion (end_s);

CREATE TABLE promotion_on (                     -- as it was said on a day
    promotion_no INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    units        INTEGER,
    revenue_minor INTEGER,
    spent_minor  INTEGER,
    left_minor   INTEGER,
    PRIMARY KEY (promotion_no, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion_asin (
    promotion_no INTEGER NOT NULL,
    asin         TEXT NOT NULL,
    name         TEXT NOT NULL,
    views        INTEGER,
    units        INTEGER,
    revenue_minor INTEGER,
    spent_minor  INTEGER,
    PRIMARY KEY (promotion_no, asin)
) STRICT, WITHOUT ROWID;

CREATE TABLE traffic (                          -- sales and traffic report, by date
    market_no   INTEGER NOT NULL,
    day         INTEGER NOT NULL,               -- first day of the span
    days        INTEGER NOT NULL,               -- 1: a day, 7: a week; 0: a month
    currency    TEXT,
    sales_minor INTEGER,
    units       INTEGER,
    items       INTEGER,                        -- order items
    refunded    INTEGER,                        -- units
    claims      INTEGER,
    claims_minor INTEGER,
    views       INTEGER,                        -- page views
    sessions    INTEGER,
    buy_box_ppm INTEGER,
    feedback    INTEGER,
    negative    INTEGER,
    told_s      INTEGER NOT NULL,
    PRIMARY KEY (market_no, day, days)
) STRICT, WITHOUT ROWID;

CREATE TABLE traffic_asin (                     -- the same by product, for the span of the report
    market_no   INTEGER NOT NULL,
    asin        TEXT NOT NULL,                  -- child where the report names it, else parent
    sku         TEXT NOT NULL,                  -- "" where the report names none
    from_day    INTEGER NOT NULL,
    to_day      INTEGER NOT NULL,
    currency    TEXT,
    sales_minor INTEGER,
    units       INTEGER,
    items       INTEGER,
    views       INTEGER,
    sessions    INTEGER,
    buy_box_ppm INTEGER,
    told_s      INTEGER NOT NULL,
    PRIMARY KEY (market_no, asin, sku, from_day, to_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX traffic_asin_by_span ON traffic_asin (market_no, to_day, from_day);

-- ---- known competition: what other offers ask, as notifications and people say ------------------------------
CREATE TABLE rival (
    market_no   INTEGER NOT NULL,
    asin        TEXT NOT NULL,
    currency    TEXT NOT NULL,
    landed_minor INTEGER NOT NULL,              -- lowest known landed price of another offer
    is_buy_box  INTEGER NOT NULL,
    told_s      INTEGER NOT NULL,
    source      TEXT NOT NULL,                  -- notification, typed
    PRIMARY KEY (market_no, asin)
) STRICT, WITHOUT ROWID;

CREATE TABLE product (                          -- what the seller says of an SKU, for the coach
    sku_no      INTEGER PRIMARY KEY,
    lead_days   INTEGER,                        -- from ordering it to having it on sale
    floor_minor INTEGER,                        -- never ask less
    currency    TEXT
) STRICT;

-- ---- the coach ---------------------------------------------------------------------------------------------
CREATE TABLE suggestion (
    no        INTEGER PRIMARY KEY,
    rule      TEXT NOT NULL,
    key       TEXT NOT NULL,                    -- what it is about, as the rule says; one suggestion each
    market_no INTEGER,
    ref       TEXT,                             -- sku:A-1, order:..., thread:...
    weight    INTEGER NOT NULL,                 -- more is more urgent
    text      TEXT NOT NULL,                    -- reason, in words of the rule
    facts     INTEGER NOT NULL,                 -- hash of its numbers: it comes back only when they change
    is_said   INTEGER NOT NULL,                 -- 1: the rule's last run said it again
    state     TEXT NOT NULL,                    -- open, done, dismissed, snoozed
    why       TEXT NOT NULL,                    -- reason of a dismissal
    until_s   INTEGER,                          -- snoozed until
    first_s   INTEGER NOT NULL,
    last_s    INTEGER NOT NULL,                 -- when its facts last changed
    acted_s   INTEGER,                          -- when state was last set by somebody
    UNIQUE (rule, key)
) STRICT;
CREATE INDEX suggestion_open ON suggestion (weight) WHERE state = 'open' AND is_said = 1;
CREATE INDEX suggestion_later ON suggestion (until_s) WHERE state = 'snoozed';

CREATE TABLE suggestion_fact (                  -- the numbers put in
    suggestion_no INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    unit          TEXT NOT NULL,                -- count, money, day, instant, seconds, bp, text; none: not known; ref: a
                                                -- row behind it
    num           INTEGER,
    currency      TEXT,
    text          TEXT,
    ref           TEXT,                         -- of a row
    PRIMARY KEY (suggestion_no, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_run (                         -- the last run of each rule
    rule    TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    file    TEXT NOT NULL,                      -- in the scripts folder
    at_s    INTEGER NOT NULL,
    took_us INTEGER NOT NULL,
    said    INTEGER NOT NULL,
    err     TEXT NOT NULL,                      -- "", or the sentence with file and line
    seen    INTEGER NOT NULL DEFAULT 0          -- hash of its text and of the areas its facts come from: while it is the
                                                -- same, a run would say the same
) STRICT, WITHOUT ROWID;

-- ---- commands ----------------------------------------------------------------------------------------------
CREATE TABLE audit (                            -- append-only; each row seals the one before
    no      INTEGER PRIMARY KEY AUTOINCREMENT,  -- the highest there ever was is kept
    at_s    INTEGER NOT NULL,
    actor   TEXT NOT NULL,                      -- who: a user's name, local, api
    via     TEXT NOT NULL,                      -- page, api, cli, import, rule
    command TEXT NOT NULL,
    ref     TEXT NOT NULL,                      -- what it changed
    args    TEXT NOT NULL,                      -- a JSON object; secrets are left out
    result  TEXT NOT NULL,                      -- ok, or the refusal's word
    seal    BLOB NOT NULL                       -- BLAKE2b-256 over the seal before and this row
) STRICT;
CREATE INDEX audit_by_ref ON audit (ref);

CREATE TABLE command_key (                      -- idempotency keys, dropped after 30 days
    key    TEXT PRIMARY KEY,
    at_s   INTEGER NOT NULL,
    said   BLOB NOT NULL,                       -- hash of command and arguments: another use of the key is refused
    result TEXT NOT NULL                        -- what was answered, a JSON object
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (                           -- what goes out once there is a connector
    no       INTEGER PRIMARY KEY,
    at_s     INTEGER NOT NULL,
    kind     TEXT NOT NULL,                     -- mail
    recipient TEXT NOT NULL,
    subject  TEXT NOT NULL,
    body     TEXT NOT NULL,
    state    TEXT NOT NULL,                     -- queued, sent, cancelled
    ref      TEXT NOT NULL,                     -- thread:..., case:..., claim:...
    letter_no INTEGER
) STRICT;
CREATE INDEX outbox_queued ON outbox (at_s) WHERE state = 'queued';

-- ---- the page ----------------------------------------------------------------------------------------------
CREATE TABLE layout (                           -- places of cards, per reader; no rows: the plugins' own
    reader TEXT NOT NULL,                       -- user, or local
    widget TEXT NOT NULL,
    place  INTEGER NOT NULL,                    -- 1, 2 ...; a removed plugin keeps its
    width  INTEGER NOT NULL,                    -- columns: 1 to 3
    is_hidden INTEGER NOT NULL,
    PRIMARY KEY (reader, widget)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_link (                      -- addresses that need no sign-in: the calendar
    purpose TEXT PRIMARY KEY,                   -- calendar
    hash    BLOB NOT NULL,                      -- BLAKE2b-256 of the 128-bit word in the address
    at_s    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- undo of the last import ---------------------------------------------------------------------------------
CREATE TABLE undo (                             -- how to take the last import back; empty when it cannot be
    import_no INTEGER NOT NULL,
    part      INTEGER NOT NULL,                 -- 1, 2 ...: pieces of
    changes   BLOB NOT NULL,                    -- its changeset, deflated
    PRIMARY KEY (import_no, part)
) STRICT;
ALTER TABLE import ADD COLUMN undone_s INTEGER;         -- taken back
ALTER TABLE import ADD COLUMN source TEXT NOT NULL DEFAULT 'cli';       -- cli, page, api

-- ---- payments that are not free yet --------------------------------------------------------------------------
ALTER TABLE payment ADD COLUMN deal INTEGER;            -- of what a row says but for its settlement, which may be another
                                                        -- one once it is free; NULL: its report tells no status
ALTER TABLE payment ADD COLUMN status TEXT;             -- released, or as the report says: Deferred ...; NULL: not told
ALTER TABLE payment ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0;      -- 1: not free yet, as far as was told
ALTER TABLE payment ADD COLUMN release_day INTEGER;     -- in the market's zone (UTC where none is named)
ALTER TABLE payment ADD COLUMN told_s INTEGER;          -- as of: for status, release and settlement
CREATE UNIQUE INDEX payment_by_deal ON payment (deal) WHERE deal IS NOT NULL;
CREATE INDEX payment_by_settlement ON payment (settlement_id);
CREATE INDEX payment_held_by_day ON payment (currency, release_day) WHERE is_held = 1;

-- ---- totals, kept in step by roll.c ---------------------------------------------------------------------------
CREATE TABLE payment_held (                     -- payments with is_held, transfers left out
    currency      TEXT NOT NULL,
    market_no     INTEGER NOT NULL,             -- 0: none named
    settlement_id TEXT NOT NULL,                -- "" where the row names none
    status        TEXT NOT NULL,
    release_day   INTEGER NOT NULL,             -- -1: not told
    lines         INTEGER NOT NULL,
    minor         INTEGER NOT NULL,
    PRIMARY KEY (currency, market_no, settlement_id, status, release_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE ship_pair (                        -- orders that the seller fulfils
    market_no    INTEGER NOT NULL,
    purchase_day INTEGER NOT NULL,
    ship_day     INTEGER NOT NULL,              -- day of shipped_s in the market's zone; -1: not shipped
    state        TEXT NOT NULL,                 -- of the order
    orders       INTEGER NOT NULL,
    PRIMARY KEY (market_no, purchase_day, ship_day, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_day (                       -- ledger lines by what they are, see proceeds.h
    market_no INTEGER NOT NULL,                 -- 0: none named
    day       INTEGER NOT NULL,                 -- when they were booked, in the market's zone (UTC where none is
                                                -- named); -1: not told
    currency  TEXT NOT NULL,
    part      TEXT NOT NULL,                    -- sales, tax, promotions, refunds, fees, reserve, other
    lines     INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    PRIMARY KEY (market_no, day, currency, part)
) STRICT, WITHOUT ROWID;

-- Both are counted once from what an older souk has stored: see roll_catch_up.
INSERT INTO made (file, hash)
    SELECT 'totals-002', x'00' WHERE EXISTS (SELECT 1 FROM orders) OR EXISTS (SELECT 1 FROM ledger);

-- ---- full text over letters, cases, claims, notices, promotions; trigrams as in listing_text -----------------
-- A row's number holds its kind and the number of its record: see text_index.h.
CREATE VIRTUAL TABLE record_text USING fts5 (title, body, tokenize = 'trigram');
