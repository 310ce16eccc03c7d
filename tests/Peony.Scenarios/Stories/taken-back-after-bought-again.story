# The bank takes a repayment back after its room was used again: more is owed than the limit, and nothing is bought until it is paid down.
customer  Lin   wallet 9,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,500.00                -> owed 1,500.00, available 0.00
2026-03-06 10:00   Lin repays 1,500.00 from ··1234            -> owed 1,500.00
2026-03-06 11:00   the bank settles                           -> owed 0.00
2026-03-07 10:00   Lin buys books for 1,500.00                -> owed 1,500.00, available 0.00
2026-03-08 10:00   the bank takes the repayment back          -> owed 3,000.00, available 0.00, credit limit 1,500.00
2026-03-08 11:00   Lin buys books for 0.01                    -> refused credit.limit_exceeded
2026-03-08 12:00   Lin repays 1,000.00 from the wallet        -> owed 2,000.00, available 0.00
2026-03-08 12:01   Lin buys books for 0.01                    -> refused credit.limit_exceeded
