# A minimum that is missed by one fen: the fee is no more than what is missing.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00             -> unbilled 1,000.00
2026-04-08 10:00   Lin repays 99.99 from the wallet        -> minimum 0.01
2026-04-11 00:05   nothing happens                         -> overdue 0.01, charges 0.01, 1 days overdue
2026-04-11 10:00   Lin repays 0.01 from the wallet         -> overdue 0.00, 0 days overdue, charges 0.01
