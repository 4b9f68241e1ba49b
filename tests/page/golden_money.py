# SPDX-License-Identifier: Apache-2.0
"""golden_money.py FOLDER: money and promotions of the account of the golden files.

Two closed cycles of Amazon.de, the second of which misses a cent, and the open one with a deferred row; a coupon
with its budget; the sales and traffic of two days.
"""
import json
import sys

head = ("settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id"
        " merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id"
        " posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku"
        " quantity-purchased promotion-id").split()


def settlement(name, id, start, end, total, lines):
    rows = [dict(zip(head[:6], (id, start + " 07:00:00 UTC", end + " 07:00:00 UTC", end + " 09:00:00 UTC", total, "EUR")))]
    for type, order, kind, detail, amount in lines:
        rows.append({"settlement-id": id, "transaction-type": type, "order-id": order, "marketplace-name": "Amazon.de",
                     "amount-type": kind, "amount-description": detail, "amount": amount, "posted-date": end,
                     "posted-date-time": end + " 06:00:00 UTC", "sku": "MUG-1", "quantity-purchased": "1"})
    with open(sys.argv[1] + "/" + name, "w") as out:
        for row in [dict(zip(head, head)), *rows]:
            print("\t".join(row.get(h, "") for h in head), file=out)


order = ("Order", "303-0000000-0000001", "ItemPrice", "Principal")
fee = ("Order", "303-0000000-0000001", "ItemFees", "Commission")
settlement("cycle-1.txt", "900001", "19.10.2026", "02.11.2026", "1300,00",
           [(*order, "1500,00"), (*fee, "-100,00"), ("other-transaction", "", "other-transaction", "Current Reserve Amount", "-100,00")])
settlement("cycle-2.txt", "900002", "02.11.2026", "16.11.2026", "2700,01",
           [(*order, "3000,00"), (*fee, "-200,00"), ("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance", "100,00"),
            ("other-transaction", "", "other-transaction", "Current Reserve Amount", "-200,00")])
columns = ("date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace", "product sales",
           "selling fees", "fba fees", "other transaction fees", "total", "Transaction Status", "Transaction Release Date")
with open(sys.argv[1] + "/open.csv", "w") as out:
    for row in [columns,
                ("Nov 18, 2026 10:00:00 AM UTC", "900003", "Order", "303-0000000-0000033", "MUG-1", "Becher", "1", "amazon.de",
                 "300.00", "0", "0", "0", "300.00", "Released", "Nov 18, 2026 11:00:00 AM UTC"),
                ("Nov 20, 2026 10:00:00 AM UTC", "900003", "Order", "303-0000000-0000035", "MUG-1", "Becher", "1", "amazon.de",
                 "80.00", "0", "0", "0", "80.00", "Deferred", "Nov 29, 2026 11:00:00 PM UTC")]:
        print(",".join('"%s"' % cell for cell in row), file=out)
json.dump({"reportSpecification": {"reportType": "GET_COUPON_PERFORMANCE_REPORT", "marketplaceIds": ["A1PA6795UKMFR9"]}, "coupons": [
    {"couponId": "C-DE", "marketplaceId": "A1PA6795UKMFR9", "currencyCode": "EUR", "name": "Zehn Prozent", "discountType":
     "PERCENT_OFF_LIST_PRICE", "discountAmount": 10, "startDateTime": "2026-11-12T23:00:00Z", "endDateTime": "2026-12-05T22:59:59Z",
     "clips": 40, "redemptions": 12, "budget": 500.0, "budgetSpent": 180.0, "budgetRemaining": 320.0, "sales": 640.5,
     "asins": [{"asin": "B000000001"}]}]}, open(sys.argv[1] + "/coupon.json", "w"))


def day(date, sales, units):
    return {"date": date, "salesByDate": {"orderedProductSales": {"amount": sales, "currencyCode": "EUR"}, "unitsOrdered": units,
            "totalOrderItems": units}, "trafficByDate": {"sessions": 50, "pageViews": 90, "buyBoxPercentage": 91.5}}


json.dump({"reportSpecification": {"reportType": "GET_SALES_AND_TRAFFIC_REPORT", "reportOptions": {"dateGranularity": "DAY"},
           "dataStartTime": "2026-11-18", "dataEndTime": "2026-11-20", "marketplaceIds": ["A1PA6795UKMFR9"]},
           "salesAndTrafficByDate": [day("2026-11-18", 33.8, 2), day("2026-11-20", 31.8, 3)]}, open(sys.argv[1] + "/visits.json", "w"))
