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
    total           -- money/currency: of the row; positive: to the seller
) AS SELECT p.posted_s, m.id, p.settlement_id, p.type, p.is_transfer, p.order_id, p.sku, p.description,
            p.quantity, p.currency, p.product_minor, p.fees_minor, p.total_minor
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
    rejected    -- count: rows kept aside
) AS SELECT i.no, i.at_s, i.name, i.format, i.charset, m.id, i.bytes, i.rows, i.accepted, i.unchanged, i.rejected
     FROM import i LEFT JOIN market m ON m.no = i.market_no;

-- What happened, newest last.
CREATE VIEW v1_events (
    event,  -- count: its number
    at,     -- instant: when
    kind,   -- text: import.done, settlement.unbalanced
    ref,    -- ref: what it is about
    data    -- text: a JSON object
) AS SELECT no, at_s, kind, ref, data FROM event;
