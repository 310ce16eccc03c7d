# A frozen customer repays what is owed, and no more.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 500.00                -> owed 500.00
2026-03-06 10:00   Lin freezes the account                  -> owed 500.00
2026-03-06 10:01   Lin buys books for 1.00                  -> refused customer.frozen
2026-03-06 10:02   Lin repays 500.01 from the wallet        -> refused customer.frozen
2026-03-06 10:03   Lin repays 500.00 from the wallet        -> owed 0.00, wallet 1,500.00
