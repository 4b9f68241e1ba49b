/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proceeds.h: what a line of the ledger is a part of, from sales to what the seller keeps.
 *
 * By the words of the settlement report, type, kind and detail; every line is of exactly one part, so the parts
 * add up to the ledger:
 *
 *     reserve      money that only moves between cycles: reserves, a balance carried over, charges, transfers
 *     fees         commission, fulfilment, storage, subscription, advertising; also those that come back with a refund
 *     promotions   discounts that the seller gives, and gets back with a refund
 *     tax          on prices, and what the marketplace withholds of it
 *     sales        prices, shipping and gift wrap of orders
 *     refunds      the same, paid back: refunds, A-to-z claims, chargebacks
 *     other        all the rest: reimbursements, adjustments
 */
#ifndef SOUK_PROCEEDS_H
#define SOUK_PROCEEDS_H

enum proceeds {
    PROCEEDS_SALES = 1, PROCEEDS_TAX, PROCEEDS_PROMOTIONS, PROCEEDS_REFUNDS, PROCEEDS_FEES, PROCEEDS_RESERVE,
    PROCEEDS_OTHER
};

enum proceeds proceeds_of(const char *type, const char *kind, const char *detail);
const char *proceeds_name(enum proceeds part);

#endif
