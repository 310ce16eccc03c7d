# Paid in full by the due day, a month of purchases costs nothing.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 400.00                 -> owed 400.00, unbilled 400.00, payable 0.00
2026-03-20 10:00   Lin buys books for 200.00                 -> unbilled 600.00
2026-04-01 23:00   nothing happens                           -> unbilled 600.00, payable 0.00
2026-04-02 00:05   nothing happens                           -> unbilled 0.00, payable 600.00, minimum 60.00, inbox credit.statement_ready
2026-04-05 10:00   Lin buys books for 100.00                 -> unbilled 100.00, payable 600.00
2026-04-07 09:30   nothing happens                           -> inbox credit.bill_due
2026-04-10 09:30   nothing happens                           -> inbox credit.bill_due
2026-04-10 23:00   Lin repays 600.00 from the wallet         -> payable 0.00, minimum 0.00, owed 100.00
2026-05-02 00:05   nothing happens                           -> payable 100.00, minimum 10.00, interest 0.00, charges 0.00, interest earned 0.00
