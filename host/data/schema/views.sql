-- SPDX-License-Identifier: Apache-2.0
-- views.sql: all that plugins and `souk query` may read.  Made anew whenever this file changes.
-- The comment behind a column is its documentation, printed by `souk schema`: type: meaning.

-- Markets that the account has data for.
CREATE VIEW v1_markets (
    market,       -- market: marketplace id
    data_until    -- instant: the latest instant that an order of this market names, 0 when none
) AS SELECT id, data_until_s FROM market;

-- Orders, one row each.
CREATE VIEW v1_orders (
    order_id,       -- text: the marketplace's order number
    market,         -- market: where it was sold
    purchased,      -- instant: when it was placed
    purchase_day,   -- day: the same as a day of the market
    updated,        -- instant: when the marketplace last changed it
    status,         -- text: as the marketplace writes it; an open set
    state,          -- text: pending, unshipped, shipped, cancelled or other
    is_open,        -- bool: pending or unshipped
    fulfilment,     -- text: seller or marketplace
    is_business,    -- bool: bought by a business
    shipped,        -- instant: last change named by the report that first said shipped
    service_level,  -- text: shipping service as the marketplace writes it
    ship_country,   -- country: where it goes
    ship_region     -- text: state or region as the buyer wrote it
) AS SELECT o.order_id, m.id, o.purchase_s, o.purchase_day, o.updated_s, s.name, s.state, o.is_open,
            o.fulfilment, o.is_business, o.shipped_s, o.service_level, o.ship_country, o.ship_region
     FROM orders o JOIN market m ON m.no = o.market_no JOIN status s ON s.no = o.status_no;

-- Lines of orders: order, SKU and ordinal.
CREATE VIEW v1_order_lines (
    order_id,       -- text: the marketplace's order number
    market,         -- market: where it was sold
    purchased,      -- instant: when the order was placed
    purchase_day,   -- day: the same as a day of the market
    state,          -- text: of the item where it is cancelled, else of its order
    fulfilment,     -- text: seller or marketplace
    is_business,    -- bool: bought by a business
    sku,            -- text: the seller's number
    asin,           -- text: the marketplace's number
    title,          -- text: latest name of the product
    ordinal,        -- count: 1, 2 ... where an order names one SKU more than once
    quantity,       -- count: units ordered; 0 when cancelled
    currency,       -- currency: of all amounts of the line; not told while pending
    price,          -- money/currency: of the line, all units, without tax
    tax,            -- money/currency: tax on price
    shipping,       -- money/currency: charged for shipping
    gift_wrap,      -- money/currency: charged for gift wrap
    discount,       -- money/currency: taken off the price
    ship_discount,  -- money/currency: taken off shipping
    promotions      -- text: ids of the promotions used
) AS SELECT o.order_id, m.id, o.purchase_s, o.purchase_day,
            CASE l.is_cancelled WHEN 1 THEN 'cancelled' ELSE s.state END, o.fulfilment, o.is_business,
            k.sku, k.asin, k.title, l.ordinal, l.quantity, l.currency, l.price_minor, l.tax_minor,
            l.shipping_minor, l.gift_minor, l.discount_minor, l.ship_discount_minor, l.promotions
     FROM orders o JOIN market m ON m.no = o.market_no JOIN order_line l ON l.order_no = o.no
          JOIN sku k ON k.no = l.sku_no JOIN status s ON s.no = o.status_no;

-- Sales by day, kept with every import.  Sum what you need over the other columns.
CREATE VIEW v1_sales_daily (
    market,       -- market: where it was sold
    day,          -- day: of the purchase
    fulfilment,   -- text: seller or marketplace
    is_business,  -- bool: bought by a business
    state,        -- text: pending, unshipped, shipped, cancelled or other
    currency,     -- currency: of sales; of the market where a line has no price yet
    orders,       -- count: orders; an order counts once, under its own state
    lines,        -- count: order lines
    unpriced,     -- count: order lines that have no price yet
    units,        -- count: units ordered
    sales         -- money/currency: ordered product sales: item prices without tax, shipping, gift wrap
) AS SELECT m.id, d.day, CASE d.fulfilment WHEN 1 THEN 'seller' ELSE 'marketplace' END, d.is_business,
            d.state, d.currency, d.orders, d.lines, d.unpriced, d.units, d.sales_minor
     FROM sales_day d JOIN market m ON m.no = d.market_no;

-- The same by hour of the day.
CREATE VIEW v1_sales_hourly (
    market,       -- market: where it was sold
    day,          -- day: of the purchase
    hour,         -- count: whole hours since the day began, 0 to 24
    fulfilment,   -- text: seller or marketplace
    is_business,  -- bool: bought by a business
    state,        -- text: pending, unshipped, shipped, cancelled or other
    currency,     -- currency: of sales
    orders,       -- count: orders
    lines,        -- count: order lines
    unpriced,     -- count: order lines that have no price yet
    units,        -- count: units ordered
    sales         -- money/currency: ordered product sales
) AS SELECT m.id, d.day, d.hour, CASE d.fulfilment WHEN 1 THEN 'seller' ELSE 'marketplace' END,
            d.is_business, d.state, d.currency, d.orders, d.lines, d.unpriced, d.units, d.sales_minor
     FROM sales_hour d JOIN market m ON m.no = d.market_no;

-- Sales by SKU and day; cancelled lines are left out.
CREATE VIEW v1_sku_daily (
    market,    -- market: where it was sold
    day,       -- day: of the purchase
    sku,       -- text: the seller's number
    title,     -- text: latest name of the product
    currency,  -- currency: of sales
    lines,     -- count: order lines
    units,     -- count: units ordered
    sales      -- money/currency: ordered product sales
) AS SELECT m.id, d.day, k.sku, k.title, d.currency, d.lines, d.units, d.sales_minor
     FROM sku_day d JOIN market m ON m.no = d.market_no JOIN sku k ON k.no = d.sku_no;

-- Sales by SKU in the 30 days up to the last day with data; cancelled lines are left out.
CREATE VIEW v1_sku_30d (
    market,    -- market: where it was sold
    last_day,  -- day: the last day of the window
    sku,       -- text: the seller's number
    title,     -- text: latest name of the product
    currency,  -- currency: of sales
    lines,     -- count: order lines
    units,     -- count: units ordered
    sales      -- money/currency: ordered product sales
) AS SELECT m.id, m.window_day, k.sku, k.title, d.currency, d.lines, d.units, d.sales_minor
     FROM sku_30 d JOIN market m ON m.no = d.market_no JOIN sku k ON k.no = d.sku_no;

-- Orders that were shipped, by hour.
CREATE VIEW v1_shipped_hourly (
    market,      -- market: where it was sold
    hour,        -- count: hours since 1970-01-01T00:00Z
    fulfilment,  -- text: seller or marketplace
    orders       -- count: orders that became shipped in this hour
) AS SELECT m.id, d.hour, CASE d.fulfilment WHEN 1 THEN 'seller' ELSE 'marketplace' END, d.orders
     FROM shipped_hour d JOIN market m ON m.no = d.market_no;

-- Orders that the seller fulfils, counted by the days of their purchase and of their shipping.
CREATE VIEW v1_ship_days (
    market,        -- market: where they were sold
    purchase_day,  -- day: of the purchase
    ship_day,      -- day: when they became shipped; not told while they are not
    state,         -- text: pending, unshipped, shipped, cancelled or other
    orders         -- count: orders
) AS SELECT m.id, p.purchase_day, nullif(p.ship_day, -1), p.state, p.orders
     FROM ship_pair p JOIN market m ON m.no = p.market_no;

-- Orders that wait, counted by the day of their purchase.
CREATE VIEW v1_open_daily (
    market,      -- market: where it was sold
    fulfilment,  -- text: seller or marketplace
    state,       -- text: pending or unshipped
    day,         -- day: of the purchase
    orders       -- count: orders
) AS SELECT m.id, CASE d.fulfilment WHEN 1 THEN 'seller' ELSE 'marketplace' END, d.state, d.day, d.orders
     FROM open_day d JOIN market m ON m.no = d.market_no;

-- Listings, the latest state.
CREATE VIEW v1_listings (
    market,          -- market: where it is offered
    sku,             -- text: the seller's number
    listing_id,      -- text: the marketplace's number of the offer
    title,           -- text: item name
    asin,            -- text: the marketplace's number of the product
    currency,        -- currency: of price
    price,           -- money/currency: asked for one unit
    quantity,        -- count: the seller's own stock; not told for what the marketplace fulfils
    status,          -- text: Active, Inactive ...: an open set
    fulfilment,      -- text: seller or marketplace
    item_condition,  -- text: 1 to 11 as the marketplace numbers it (11: new)
    shipping_group,  -- text: name of the shipping template
    opened,          -- instant: when it was first offered
    told             -- instant: as of
) AS SELECT m.id, k.sku, l.listing_id, l.title, l.asin, l.currency, l.price_minor, l.quantity, l.status,
            CASE l.fulfilment WHEN 1 THEN 'seller' WHEN 2 THEN 'marketplace' END, l.item_condition,
            l.shipping_group, l.opened_s, l.told_s
     FROM listing l JOIN market m ON m.no = l.market_no JOIN sku k ON k.no = l.sku_no;

-- Listings as they were: a row for each day on which something was said that differs from before.
CREATE VIEW v1_listings_daily (
    market,    -- market: where it is offered
    sku,       -- text: the seller's number
    day,       -- day: from which on it held
    currency,  -- currency: of price
    price,     -- money/currency: asked for one unit
    quantity,  -- count: the seller's own stock
    status     -- text: Active, Inactive ...
) AS SELECT m.id, k.sku, l.day, l.currency, l.price_minor, l.quantity, l.status
     FROM listing_on l JOIN market m ON m.no = l.market_no JOIN sku k ON k.no = l.sku_no;

-- Stock in the marketplace's warehouses, the latest state.
CREATE VIEW v1_stock (
    market,             -- market: of the stock
    sku,                -- text: the seller's number
    fnsku,              -- text: the warehouse's number
    fulfillable,        -- count: units that can be sold
    unsellable,         -- count: units that cannot
    reserved,           -- count: units held for orders and transfers
    researching,        -- count: units being looked for
    inbound_working,    -- count: units in a shipment being prepared
    inbound_shipped,    -- count: units on their way
    inbound_receiving,  -- count: units being received
    total,              -- count: units in all, as the report says
    told                -- instant: as of
) AS SELECT m.id, k.sku, t.fnsku, t.fulfillable, t.unsellable, t.reserved, t.researching,
            t.inbound_working, t.inbound_shipped, t.inbound_receiving, t.total, t.told_s
     FROM stock t JOIN market m ON m.no = t.market_no JOIN sku k ON k.no = t.sku_no;

-- Stock as it was: a row for each day on which something was said that differs from before.
CREATE VIEW v1_stock_daily (
    market,       -- market: of the stock
    sku,          -- text: the seller's number
    day,          -- day: from which on it held
    fulfillable,  -- count: units that can be sold
    reserved,     -- count: units held
    total         -- count: units in all
) AS SELECT m.id, k.sku, t.day, t.fulfillable, t.reserved, t.total
     FROM stock_on t JOIN market m ON m.no = t.market_no JOIN sku k ON k.no = t.sku_no;

-- Closed settlement cycles.
CREATE VIEW v1_cycles (
    settlement_id,  -- text: the marketplace's number
    market,         -- market: the first that a line names; not told when none does
    currency,       -- currency: of the cycle
    started,        -- instant: beginning of the cycle
    ended,          -- instant: end of the cycle
    deposited,      -- instant: date of the transfer
    total,          -- money/currency: what the file says was transferred; negative: owed to the marketplace
    lines,          -- count: ledger lines
    line_sum,       -- money/currency: what the ledger lines add up to
    missing,        -- money/currency: total minus line_sum; 0 when the settlement sums to the cent
    account_tail    -- tail: of the bank account; report files do not tell it
) AS SELECT c.settlement_id, m.id, c.currency, c.start_s, c.end_s, c.deposit_s, c.total_minor, c.lines,
            c.sum_minor, c.total_minor - c.sum_minor, c.account_tail
     FROM cycle c LEFT JOIN market m ON m.no = c.market_no;

-- Ledger lines of closed cycles.
CREATE VIEW v1_ledger (
    entry,          -- count: number of the line in the ledger
    settlement_id,  -- text: the cycle it belongs to
    market,         -- market: where it was sold; not told for account-wide lines
    posted,         -- instant: when it was booked
    type,           -- text: Order, Refund, ServiceFee ...: an open set
    kind,           -- text: ItemPrice, ItemFees ...: an open set
    detail,         -- text: Principal, Commission ...: an open set
    order_id,       -- text: order, or a shipment for warehouse fees
    sku,            -- text: the seller's number
    quantity,       -- count: units
    currency,       -- currency: of the cycle
    amount          -- money/currency: positive: to the seller
) AS SELECT l.no, c.settlement_id, m.id, l.posted_s, l.type, l.kind, l.detail, l.order_id, l.sku,
            l.quantity, c.currency, l.minor
     FROM cycle c JOIN ledger l ON l.cycle_no = c.no LEFT JOIN market m ON m.no = l.market_no;

-- Ledger lines of closed cycles added up by what they are.
CREATE VIEW v1_cycle_totals (
    settlement_id,  -- text: the cycle
    type,           -- text: Order, Refund ...
    kind,           -- text: ItemPrice, ItemFees ...
    detail,         -- text: Principal, Commission ...
    lines,          -- count: ledger lines
    currency,       -- currency: of the cycle
    amount          -- money/currency: positive: to the seller
) AS SELECT c.settlement_id, t.type, t.kind, t.detail, t.lines, c.currency, t.minor
     FROM cycle c JOIN cycle_total t ON t.cycle_no = c.no;

-- Ledger lines of closed cycles added up by day and by what they are a part of; all parts together are the ledger.
CREATE VIEW v1_ledger_daily (
    market,    -- market: where it was sold; not told for account-wide lines
    day,       -- day: when it was booked, as a day of the market, of UTC for account-wide lines; not told where the file does not
    currency,  -- currency: of amount
    part,      -- text: sales, tax, promotions, refunds, fees, other; reserve: money that only moves between cycles
    lines,     -- count: ledger lines
    amount     -- money/currency: positive: to the seller
) AS SELECT m.id, nullif(d.day, -1), d.currency, d.part, d.lines, d.minor
     FROM ledger_day d LEFT JOIN market m ON m.no = d.market_no;

-- Rows of the payments date-range report, the only file that shows the open cycle.
CREATE VIEW v1_payments (
    posted,         -- instant: when it was booked
    market,         -- market: where it was sold; not told for account-wide rows
    settlement_id,  -- text: the cycle it belongs to, open or closed
    type,           -- text: in the report's language
    is_transfer,    -- bool: a payout, left out of sums
    order_id,       -- text: the marketplace's order number
    sku,            -- text: the seller's number
    description,    -- text: as the report says
    quantity,       -- count: units
    currency,       -- currency: of the amounts
    product,        -- money/currency: product sales
    fees,           -- money/currency: selling, fulfilment and other fees
    total,          -- money/currency: of the row; positive: to the seller
    status,         -- text: released, or as the report says: Deferred ...; not told by reports before 2026
    is_held,        -- bool: not free yet, as far as was told
    release_day     -- day: when it is or was set free; not told for most that wait for their delivery
) AS SELECT p.posted_s, m.id, p.settlement_id, p.type, p.is_transfer, p.order_id, p.sku, p.description,
            p.quantity, p.currency, p.product_minor, p.fees_minor, p.total_minor, p.status, p.is_held,
            p.release_day
     FROM payment p LEFT JOIN market m ON m.no = p.market_no;

-- The same added up by settlement; transfers are left out.
CREATE VIEW v1_payment_totals (
    settlement_id,  -- text: the cycle; "" where the rows name none
    is_closed,      -- bool: its settlement report was imported
    market,         -- market: where it was sold; not told for account-wide rows
    type,           -- text: in the report's language
    lines,          -- count: rows
    first,          -- instant: of the first row
    last,           -- instant: of the last row
    currency,       -- currency: of amount
    amount          -- money/currency: positive: to the seller
) AS SELECT t.settlement_id, CASE WHEN c.no IS NULL THEN 0 ELSE 1 END, m.id, t.type, t.lines, t.first_s,
            t.last_s, t.currency, t.minor
     FROM payment_total t LEFT JOIN cycle c ON c.settlement_id = t.settlement_id
          LEFT JOIN market m ON m.no = t.market_no;

-- What of them is not free yet, added up by the day on which it will be; transfers are left out.
CREATE VIEW v1_payments_held (
    settlement_id,  -- text: the cycle that the rows name; "" where they name none
    is_closed,      -- bool: its settlement report was imported
    market,         -- market: where it was sold; not told for account-wide rows
    status,         -- text: as the report says: Deferred ...
    release_day,    -- day: when it is set free; not told for most that wait for their delivery
    lines,          -- count: rows
    currency,       -- currency: of amount
    amount          -- money/currency: positive: to the seller
) AS SELECT h.settlement_id, CASE WHEN c.no IS NULL THEN 0 ELSE 1 END, m.id, h.status, nullif(h.release_day, -1),
            h.lines, h.currency, h.minor
     FROM payment_held h LEFT JOIN cycle c ON c.settlement_id = h.settlement_id
          LEFT JOIN market m ON m.no = h.market_no;

-- Files that were imported.
CREATE VIEW v1_imports (
    import,     -- count: its number
    at,         -- instant: when
    name,       -- text: of the file
    format,     -- text: which report it is
    charset,    -- text: what it was decoded from
    market,     -- market: of the whole file; not told when the rows name it
    bytes,      -- count: size, decompressed
    rows,       -- count: accepted + unchanged + rejected
    accepted,   -- count: rows that brought something new
    unchanged,  -- count: rows that were known already, or older than what is known
    rejected,   -- count: rows kept aside
    source,     -- text: cli, page, api
    undone      -- instant: when it was taken back; not told when it was not
) AS SELECT i.no, i.at_s, i.name, i.format, i.charset, m.id, i.bytes, i.rows, i.accepted, i.unchanged, i.rejected,
            i.source, i.undone_s
     FROM import i LEFT JOIN market m ON m.no = i.market_no;

-- What happened, newest last.
CREATE VIEW v1_events (
    event,  -- count: its number
    at,     -- instant: when
    kind,   -- text: import.done, settlement.unbalanced
    ref,    -- ref: what it is about
    data    -- text: a JSON object
) AS SELECT no, at_s, kind, ref, data FROM event;

-- ---- letters, cases, claims ------------------------------------------------------------------------------

-- Talks with buyers.
CREATE VIEW v1_threads (
    thread,     -- text: id of the talk
    market,     -- market: where the order was placed; not told when neither mail nor order says
    order_id,   -- text: the order it is about
    subject,    -- text: of its first letter
    buyer,      -- text: display name
    reply_to,   -- text: the marketplace's relay address; "" when unknown
    first,      -- instant: of its first letter
    last_in,    -- instant: newest letter of the buyer
    last_out,   -- instant: newest answer
    waits,      -- instant: oldest letter that waits for an answer; not told when none does
    letters,    -- count: letters
    last        -- instant: newest letter or answer
) AS SELECT t.thread_id, m.id, t.order_id, t.subject, t.buyer, t.reply_to, t.first_s, t.last_in_s,
            t.last_out_s, t.waits_s, t.letters,
            max(coalesce(t.last_in_s, t.first_s), coalesce(t.last_out_s, t.first_s))
     FROM thread t LEFT JOIN orders o ON o.order_id = t.order_id
          LEFT JOIN market m ON m.no = coalesce(t.market_no, o.market_no);

-- Letters of buyers and answers to them.
CREATE VIEW v1_letters (
    letter,     -- count: number of the letter
    thread,     -- text: the talk it belongs to
    market,     -- market: of the talk
    order_id,   -- text: of the talk
    at,         -- instant: when it was written
    side,       -- text: in: by the buyer, out: by the seller, note: to oneself
    state,      -- text: received, draft, queued, sent, bounced
    sender,     -- text: display name
    subject,    -- text: as written
    body,       -- text: as written; card numbers are masked
    masked,     -- count: card numbers that were masked
    needs,      -- bool: counts as a letter to be answered
    answered    -- instant: when the first answer after it was written
) AS SELECT l.no, t.thread_id, m.id, t.order_id, l.at_s, l.side, l.state, l.sender, l.subject, l.body,
            l.masked, l.needs, l.answered_s
     FROM letter l JOIN thread t ON t.no = l.of_no LEFT JOIN orders o ON o.order_id = t.order_id
          LEFT JOIN market m ON m.no = coalesce(t.market_no, o.market_no)
     WHERE l.of = 'thread';

-- Talks with the marketplace's support.
CREATE VIEW v1_cases (
    case_id,    -- text: the marketplace's number, or own-N
    market,     -- market: which one; not told when unknown
    subject,    -- text: of the case
    state,      -- text: open, answered, attention, reopened, closed; an open set
    ref,        -- ref: what it is about
    opened,     -- instant: when it was opened
    changed,    -- instant: last letter or change of state
    closes,     -- instant: closes by itself then; not told when it does not
    source      -- text: typed, mail, api
) AS SELECT c.case_id, m.id, c.subject, c.state, c.ref, c.opened_s, c.changed_s, c.closes_s, c.source
     FROM cases c LEFT JOIN market m ON m.no = c.market_no;

-- Letters of cases.
CREATE VIEW v1_case_letters (
    letter,     -- count: number of the letter
    case_id,    -- text: the case it belongs to
    at,         -- instant: when it was written
    side,       -- text: in: by the marketplace, out: by the seller, note: to oneself
    state,      -- text: received, draft, queued, sent, bounced
    sender,     -- text: display name
    subject,    -- text: as written
    body        -- text: as written
) AS SELECT l.no, c.case_id, l.at_s, l.side, l.state, l.sender, l.subject, l.body
     FROM letter l JOIN cases c ON c.no = l.of_no
     WHERE l.of = 'case';

-- A-to-z claims and chargebacks.
CREATE VIEW v1_claims (
    claim_id,   -- text: the marketplace's number, or kind and order
    kind,       -- text: a_to_z, chargeback, safe_t
    market,     -- market: where the order was placed
    order_id,   -- text: the order
    state,      -- text: action, review, appeal, closed
    outcome,    -- text: granted, denied, withdrawn, reimbursed; not told while undecided
    reason,     -- text: as the source says
    currency,   -- currency: of amount
    amount,     -- money/currency: claimed
    opened,     -- instant: when it was made
    changed,    -- instant: last change
    due,        -- instant: the seller's next deadline; not told when there is none
    due_rule,   -- text: policy key that the deadline comes from; not told when the source names it
    counts,     -- bool: counts in the order defect rate
    source,     -- text: mail, ledger, returns, typed, api
    order_day,  -- day: when the order was placed; not told when the order is unknown
    fulfilment  -- text: of the order: seller or marketplace; not told when the order is unknown
) AS SELECT c.claim_id, c.kind, m.id, c.order_id, c.state, c.outcome, c.reason, c.currency, c.minor,
            c.opened_s, c.changed_s, c.due_s, c.due_rule, c.counts, c.source, o.purchase_day, o.fulfilment
     FROM claim c LEFT JOIN orders o ON o.order_id = c.order_id
          LEFT JOIN market m ON m.no = coalesce(c.market_no, o.market_no);

-- Letters and notes of claims.
CREATE VIEW v1_claim_letters (
    letter,     -- count: number of the letter
    claim_id,   -- text: the claim it belongs to
    at,         -- instant: when it was written
    side,       -- text: in, out, note
    state,      -- text: received, draft, queued, sent, bounced
    sender,     -- text: display name
    subject,    -- text: as written
    body        -- text: as written
) AS SELECT l.no, c.claim_id, l.at_s, l.side, l.state, l.sender, l.subject, l.body
     FROM letter l JOIN claim c ON c.no = l.of_no
     WHERE l.of = 'claim';

-- ---- feedback and account health -----------------------------------------------------------------------------

-- Feedback of buyers, row by row; Amazon's file holds 1 to 3 stars only.
CREATE VIEW v1_feedback (
    market,       -- market: where
    order_id,     -- text: the order
    order_day,    -- day: when it was placed; not told when the order is unknown
    fulfilment,   -- text: of the order: seller or marketplace; not told when the order is unknown
    day,          -- day: when it was given
    stars,        -- count: 1 to 5
    comment,      -- text: as written
    response,     -- text: the seller's
    removal,      -- instant: when its removal was asked for
    removed       -- instant: when it was found removed
) AS SELECT m.id, f.order_id, o.purchase_day, o.fulfilment, f.day, f.stars, f.comment, f.response,
            f.removal_s, f.removed_s
     FROM feedback f JOIN market m ON m.no = f.market_no LEFT JOIN orders o ON o.order_id = f.order_id;

-- What the marketplace's own feedback table said.
CREATE VIEW v1_feedback_counts (
    market,       -- market: where
    day,          -- day: as of
    window_days,  -- count: 30, 90, 365; 0: lifetime
    positive,     -- count: 4 and 5 stars
    neutral,      -- count: 3 stars
    negative,     -- count: 1 and 2 stars
    source,       -- text: typed, api
    stars_hundredths -- count: stars as the marketplace shows them, times 100; not told for most
) AS SELECT m.id, c.day, c.window_days, c.positive, c.neutral, c.negative, c.source, c.stars_100
     FROM feedback_count c JOIN market m ON m.no = c.market_no;

-- Account health reports, all that were imported or typed.
CREATE VIEW v1_health (
    market,         -- market: whose
    at,             -- instant: as of
    status,         -- text: NORMAL, AT_RISK ...: an open set; "" when not told
    rating,         -- count: account health rating, 0 to 1000; imported or typed, never computed
    rating_status,  -- text: as the report says
    source          -- text: report, typed, api
) AS SELECT m.id, h.at_s, h.status, h.rating, h.rating_status, h.source
     FROM health h JOIN market m ON m.no = h.market_no;

-- Their metrics.
CREATE VIEW v1_health_metrics (
    market,       -- market: whose
    at,           -- instant: as of
    metric,       -- text: defect, late, cancel, tracking, delivery, invoice, or as the report names it
    fulfilment,   -- text: seller, marketplace; "" where it does not apply
    num,          -- count: defects, or what is counted
    den,          -- count: orders or shipments; not told for a plain count
    claims,       -- count: part of the order defect rate
    chargebacks,  -- count: part of the order defect rate
    negative,     -- count: part of the order defect rate
    rate_ppm,     -- count: as the report says it, in millionths
    target_ppm,   -- count: in millionths; of a plain count: the count
    condition,    -- text: LESS_THAN, GREATER_THAN, EQUALS
    status,       -- text: GOOD, BAD, NONE ...: an open set
    from_s,       -- instant: first of the window
    to_s          -- instant: last of the window
) AS SELECT m.id, h.at_s, h.metric, h.fulfilment, h.num, h.den, h.claims, h.chargebacks, h.negative,
            h.rate_ppm, h.target_ppm, h.condition, h.status, h.from_s, h.to_s
     FROM health_metric h JOIN market m ON m.no = h.market_no;

-- ---- notices ---------------------------------------------------------------------------------------------------

-- What somebody should know of.
CREATE VIEW v1_notices (
    notice,    -- count: its number
    at,        -- instant: when it happened
    class,     -- text: account, policy, infringement, metric, listing, pricing, fee, payment, import, mail, holiday: an open set
    kind,      -- text: ACCOUNT_STATUS_CHANGED, import.rejected ...: an open set
    severity,  -- text: info, watch, bad
    market,    -- market: where it applies; not told when everywhere
    subject,   -- text: what it is about
    before,    -- text: state before
    after,     -- text: state now, or a text
    ref,       -- ref: what it leads to
    deadline,  -- instant: until when something is to be done
    currency,  -- currency: of amount
    amount,    -- money/currency: at stake, where known
    read,      -- instant: when it was first read
    done,      -- instant: when it was acknowledged
    source     -- text: notification, report, mail, typed, souk
) AS SELECT n.no, n.at_s, n.class, n.kind, n.severity, m.id, n.subject, n.before, n.after, n.ref,
            n.deadline_s, n.currency, n.minor, n.read_s, n.done_s, n.source
     FROM notice n LEFT JOIN market m ON m.no = n.market_no;

-- ---- returns, promotions, traffic, competition -------------------------------------------------------------------

-- Returns of what the seller shipped.
CREATE VIEW v1_returns (
    order_id,    -- text: the order
    sku,         -- text: the seller's number
    market,      -- market: of the order; not told when unknown
    order_day,   -- day: of the order
    request_day, -- day: when the return was asked for
    status,      -- text: as the report says
    reason,      -- text: as the report says
    resolution,  -- text: as the report says
    quantity,    -- count: units
    a_to_z,      -- bool: the buyer made an A-to-z claim
    in_policy,   -- bool: within the return policy
    safe_t,      -- text: state of the SAFE-T claim
    currency,    -- currency: of the amounts
    refund,      -- money/currency: refunded
    label        -- money/currency: cost of the label
) AS SELECT r.order_id, r.sku, m.id, r.order_day, r.request_day, r.status, r.reason, r.resolution, r.quantity,
            r.a_to_z, r.in_policy, r.safe_t, r.currency, r.refund_minor, r.label_minor
     FROM return_line r LEFT JOIN orders o ON o.order_id = r.order_id
          LEFT JOIN market m ON m.no = coalesce(r.market_no, o.market_no);

-- Promotions and coupons, the marketplace's and the seller's own.
CREATE VIEW v1_promotions (
    promotion_id, -- text: the marketplace's number, or own-N
    source,       -- text: report, own
    kind,         -- text: BEST_DEAL, LIGHTNING_DEAL, coupon, percent_off ...: an open set
    name,         -- text: as it is called
    status,       -- text: as the source says
    market,       -- market: where
    starts,       -- instant: beginning
    ends,         -- instant: end
    discount,     -- text: what is taken off: "10 %", "40.00 USD"
    views,        -- count: glance views
    units,        -- count: units sold
    clips,        -- count: coupons clipped
    redemptions,  -- count: coupons redeemed
    currency,     -- currency: of the amounts
    revenue,      -- money/currency: sales under it
    spent,        -- money/currency: what it cost so far
    budget,       -- money/currency: most it may cost
    budget_left,  -- money/currency: what is left of it
    told,         -- instant: as of
    params        -- text: of an own one, a JSON object; not told of others
) AS SELECT p.promotion_id, p.source, p.kind, p.name, p.status, m.id, p.start_s, p.end_s, p.discount, p.views,
            p.units, p.clips, p.redemptions, p.currency, p.revenue_minor, p.spent_minor, p.budget_minor,
            p.left_minor, p.told_s, p.params
     FROM promotion p LEFT JOIN market m ON m.no = p.market_no;

-- Promotions as they were said on a day.
CREATE VIEW v1_promotions_daily (
    promotion_id, -- text: which one
    day,          -- day: as of
    units,        -- count: units sold so far
    currency,     -- currency: of the amounts
    revenue,      -- money/currency: so far
    spent,        -- money/currency: so far
    budget_left   -- money/currency: left
) AS SELECT p.promotion_id, d.day, d.units, p.currency, d.revenue_minor, d.spent_minor, d.left_minor
     FROM promotion_on d JOIN promotion p ON p.no = d.promotion_no;

-- Their products.
CREATE VIEW v1_promotion_products (
    promotion_id, -- text: which one
    asin,         -- text: the marketplace's number of the product
    name,         -- text: of the product
    views,        -- count: glance views
    units,        -- count: units sold
    currency,     -- currency: of the amounts
    revenue,      -- money/currency: sales
    spent         -- money/currency: cost
) AS SELECT p.promotion_id, a.asin, a.name, a.views, a.units, p.currency, a.revenue_minor, a.spent_minor
     FROM promotion_asin a JOIN promotion p ON p.no = a.promotion_no;

-- The sales and traffic report, by date.
CREATE VIEW v1_traffic (
    market,       -- market: where
    day,          -- day: first of the span
    days,         -- count: 1: a day, 7: a week, 0: a month
    currency,     -- currency: of the amounts
    sales,        -- money/currency: ordered product sales
    units,        -- count: units ordered
    items,        -- count: order items
    refunded,     -- count: units refunded
    claims,       -- count: A-to-z claims granted
    claims_paid,  -- money/currency: for them
    views,        -- count: page views
    sessions,     -- count: sessions
    buy_box_ppm,  -- count: share of page views with the featured offer, in millionths
    feedback,     -- count: feedback received
    negative      -- count: of it negative
) AS SELECT m.id, t.day, t.days, t.currency, t.sales_minor, t.units, t.items, t.refunded, t.claims, t.claims_minor,
            t.views, t.sessions, t.buy_box_ppm, t.feedback, t.negative
     FROM traffic t JOIN market m ON m.no = t.market_no;

-- The same by product.
CREATE VIEW v1_traffic_products (
    market,       -- market: where
    asin,         -- text: the marketplace's number of the product
    sku,          -- text: "" where the report names none
    from_day,     -- day: first of the span
    to_day,       -- day: last of the span
    currency,     -- currency: of sales
    sales,        -- money/currency: ordered product sales
    units,        -- count: units ordered
    items,        -- count: order items
    views,        -- count: page views
    sessions,     -- count: sessions
    buy_box_ppm   -- count: in millionths
) AS SELECT m.id, t.asin, t.sku, t.from_day, t.to_day, t.currency, t.sales_minor, t.units, t.items, t.views,
            t.sessions, t.buy_box_ppm
     FROM traffic_asin t JOIN market m ON m.no = t.market_no;

-- Known competition.
CREATE VIEW v1_rivals (
    market,     -- market: where
    asin,       -- text: the marketplace's number of the product
    currency,   -- currency: of landed
    landed,     -- money/currency: lowest known price of another offer, with shipping
    is_buy_box, -- bool: it is the featured offer
    told,       -- instant: as of
    source      -- text: notification, typed
) AS SELECT m.id, r.asin, r.currency, r.landed_minor, r.is_buy_box, r.told_s, r.source
     FROM rival r JOIN market m ON m.no = r.market_no;

-- What the seller says of a product.
CREATE VIEW v1_products (
    sku,        -- text: the seller's number
    title,      -- text: latest name of the product
    lead_days,  -- count: days from ordering it to having it on sale
    currency,   -- currency: of floor
    floor       -- money/currency: never ask less
) AS SELECT k.sku, k.title, p.lead_days, p.currency, p.floor_minor
     FROM product p JOIN sku k ON k.no = p.sku_no;

-- ---- coach, commands, outbox ---------------------------------------------------------------------------------------

-- What the coach's rules suggest.
CREATE VIEW v1_suggestions (
    suggestion, -- count: its number
    rule,       -- text: which rule says so
    key,        -- text: what it is about
    market,     -- market: where; not told when everywhere
    ref,        -- ref: what it leads to
    weight,     -- count: more is more urgent
    text,       -- text: reason, in the rule's words
    is_said,    -- bool: the rule's last run said it again
    state,      -- text: open, done, dismissed, snoozed
    why,        -- text: reason of a dismissal
    until,      -- instant: snoozed until
    first,      -- instant: when it was first said
    last,       -- instant: when its numbers last changed
    acted       -- instant: when somebody last acted on it
) AS SELECT s.no, s.rule, s.key, m.id, s.ref, s.weight, s.text, s.is_said, s.state, s.why, s.until_s, s.first_s,
            s.last_s, s.acted_s
     FROM suggestion s LEFT JOIN market m ON m.no = s.market_no;

-- The numbers behind them.
CREATE VIEW v1_suggestion_facts (
    suggestion, -- count: of which
    ordinal,    -- count: 1, 2 ...
    name,       -- text: what it is
    unit,       -- text: count, money, day, instant, seconds, bp, text; none: not known; ref: a row behind it
    number,     -- count: its number in that unit; money in minor units; not told for text
    currency,   -- currency: of money
    text,       -- text: where it is one
    ref         -- ref: of a row
) AS SELECT f.suggestion_no, f.ordinal, f.name, f.unit, f.num, f.currency, f.text, f.ref
     FROM suggestion_fact f;

-- The coach's rules and how their last run went.
CREATE VIEW v1_rules (
    rule,       -- text: id
    title,      -- text: as the rule says
    file,       -- text: in the scripts folder
    at,         -- instant: last run
    took_us,    -- count: microseconds it took
    said,       -- count: suggestions
    err         -- text: "", or what went wrong with file and line
) AS SELECT r.rule, r.title, r.file, r.at_s, r.took_us, r.said, r.err FROM rule_run r;

-- Who did what.
CREATE VIEW v1_audit (
    entry,      -- count: number in the log
    at,         -- instant: when
    actor,      -- text: who
    via,        -- text: page, api, cli, import, rule
    command,    -- text: which
    ref,        -- ref: what it changed
    args,       -- text: a JSON object; secrets are left out
    result      -- text: ok, or the refusal's word
) AS SELECT a.no, a.at_s, a.actor, a.via, a.command, a.ref, a.args, a.result FROM audit a;

-- What waits to be sent.
CREATE VIEW v1_outbox (
    entry,      -- count: its number
    at,         -- instant: when it was written
    kind,       -- text: mail
    recipient,  -- text: to whom
    subject,    -- text: of the letter
    state,      -- text: queued, sent, cancelled
    ref,        -- ref: where it belongs
    letter      -- count: number of the letter
) AS SELECT o.no, o.at_s, o.kind, o.recipient, o.subject, o.state, o.ref, o.letter_no FROM outbox o;

-- Changes of listings that are to go out, and what became of them.
CREATE VIEW v1_outgoing (
    outgoing,      -- count: its number
    batch,         -- count: number of the first of those that one command asked for
    market,        -- market: where
    sku,           -- text: the seller's number
    title,         -- text: latest name of the product
    kind,          -- text: price, quantity, status
    state,         -- text: queued, downloaded, handed_in, confirmed, failed, cancelled, replaced
    is_open,       -- bool: queued, downloaded or handed_in
    at,            -- instant: when it was asked for
    since,         -- instant: in this state since
    reason,        -- text: "" by hand, vacation, return from it
    why,           -- text: why it failed, as somebody said
    currency,      -- currency: of all its amounts
    price,         -- money/currency: wanted
    least,         -- money/currency: lowest price that the marketplace shall let pass
    most,          -- money/currency: highest price that the marketplace shall let pass
    quantity,      -- count: wanted
    handling_days, -- count: days until it is shipped, wanted
    status,        -- text: wanted: active, inactive
    was_price,     -- money/currency: as the last report said when it was asked for
    was_quantity,  -- count: as the last report said when it was asked for
    was_status,    -- text: as the last report said when it was asked for
    now_price,     -- money/currency: as the last report says
    now_quantity,  -- count: as the last report says
    now_status,    -- text: as the last report says
    told,          -- instant: as of, of the last report
    conflict,      -- text: changed: a report says other than when it was asked for; refused: a report after it was handed in says other than wanted; "" none
    file,          -- count: number of the file it went out with
    handed_in      -- instant: when somebody said that it was handed in
) AS SELECT o.no, o.batch_no, m.id, k.sku, k.title, o.kind, o.state,
            CASE WHEN o.state IN ('queued', 'downloaded', 'handed_in') THEN 1 ELSE 0 END, o.at_s, o.state_s, o.reason,
            o.why, o.currency, o.price_minor, o.least_minor, o.most_minor, o.quantity, o.handling_days, o.status,
            o.was_minor, o.was_quantity, o.was_status, CASE WHEN l.currency = o.currency THEN l.price_minor END,
            l.quantity, l.status, l.told_s,
            CASE WHEN o.state IN ('queued', 'downloaded') AND l.told_s > o.at_s
                      AND (o.kind = 'price' AND coalesce(l.price_minor, -1) <> coalesce(o.was_minor, -1)
                           OR o.kind = 'quantity' AND coalesce(l.quantity, -1) <> coalesce(o.was_quantity, -1)
                           OR o.kind = 'status' AND coalesce(l.status, '') <> coalesce(o.was_status, '')) THEN 'changed'
                 WHEN o.state = 'handed_in' AND l.told_s > o.handed_in_s THEN 'refused'
                 ELSE '' END,
            o.file_no, o.handed_in_s
     FROM outgoing o JOIN market m ON m.no = o.market_no JOIN sku k ON k.no = o.sku_no
          LEFT JOIN listing l ON l.market_no = o.market_no AND l.sku_no = o.sku_no;

-- Files that outgoing changes are handed in with.
CREATE VIEW v1_outgoing_files (
    file,          -- count: its number
    market,        -- market: whose
    kind,          -- text: price_quantity, inventory_loader
    at,            -- instant: when it was made
    handed_in,     -- instant: when somebody said that it was handed in
    changes,       -- count: that stand in it
    confirmed,     -- count: of them, those that a report has confirmed
    failed         -- count: of them, those that failed
) AS SELECT f.no, m.id, f.kind, f.at_s, f.handed_in_s,
            (SELECT count(*) FROM outgoing o WHERE o.file_no = f.no AND o.state NOT IN ('cancelled', 'replaced')),
            (SELECT count(*) FROM outgoing o WHERE o.file_no = f.no AND o.state = 'confirmed'),
            (SELECT count(*) FROM outgoing o WHERE o.file_no = f.no AND o.state = 'failed')
     FROM outgoing_file f JOIN market m ON m.no = f.market_no;

-- Questions with their answers, and related links, that the account has written for itself.
CREATE VIEW v1_articles (
    kind,      -- text: faq or link
    name,      -- text: stands in its address
    language,  -- text: of its readers; "" for all
    title,     -- text: the question, or what the link is called
    body,      -- text: the answer in Markdown, or a line on what is there
    address,   -- text: where a link leads
    about,     -- text: what it explains: widget:orders settings:shipping
    changed    -- instant: when it was last written
) AS SELECT CASE kind WHEN 1 THEN 'faq' ELSE 'link' END, name, language, title, body, address, about, changed_s
     FROM article;
-- ---- settings ------------------------------------------------------------------------------------------------------

-- What the settings modules keep, a row for each value; what is empty has none.
CREATE VIEW v1_settings (
    module,     -- text: which
    record,     -- count: number of the record in it
    field,      -- text: name of the field
    part,       -- text: number of a row of a table, id of a market; "" of the field itself
    inner,      -- text: field within a record or table; else ""
    type,       -- text: type of the value as in the SDK: text, count, money, bool ...; tail: last characters of a secret
    number,     -- count: a number in its unit (money in minor units, yes is 1); 0 for text
    currency,   -- currency: of money
    text,       -- text: where it is one; of a secret its last characters
    changed     -- instant: when the record was changed last
) AS SELECT r.module, r.id, v.field, v.part, v.inner, v.type, v.num, v.currency, v.text, r.changed_s
     FROM settings_record r JOIN settings_value v ON v.record_no = r.no;

-- Who changed which of them when; the values themselves stand on the page of the module.
CREATE VIEW v1_settings_changes (
    change,     -- count: its number
    at,         -- instant: when
    actor,      -- text: who
    via,        -- text: page, api, cli, rule
    module,     -- text: which
    record,     -- count: number of the record in it
    what,       -- text: added, changed, removed
    undoes      -- count: the change that it takes back; 0: none
) AS SELECT c.no, c.at_s, c.actor, c.via, c.module, c.id, c.what, c.undoes FROM settings_change c;
