# Nothing is paid: overdue, late fees with their cap, written off 120 days after the first due day, and what comes in later is recovered.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00               -> unbilled 1,000.00
2026-04-02 00:05   nothing happens                           -> payable 1,000.00, minimum 100.00
2026-04-10 23:00   nothing happens                           -> overdue 0.00, charges 0.00
2026-04-11 00:05   nothing happens                           -> overdue 100.00, 1 days overdue, charges 5.00, inbox credit.payment_missed
2026-05-02 00:05   nothing happens                           -> interest 29.32, payable 1,034.32, minimum 193.44, overdue 100.00
2026-05-11 00:05   nothing happens                           -> overdue 193.44, 31 days overdue, charges 10.00
2026-08-08 23:00   nothing happens                           -> 120 days overdue, owed 1,000.00
2026-08-09 00:05   nothing happens                           -> owed 0.00, interest 0.00, charges 0.00, payable 0.00, overdue 0.00
2026-09-10 10:00   Lin repays 100.00 from the wallet         -> recovered 100.00, credit balance 0.00, wallet 1,900.00
