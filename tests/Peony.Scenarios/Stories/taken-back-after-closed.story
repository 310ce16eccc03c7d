# The bank takes a repayment back after its line was closed: it is owed all the same, billed, and repaid.
customer  Lin   wallet 9,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                -> owed 1,000.00
2026-03-06 10:00   Lin repays 1,000.00 from ··1234            -> owed 1,000.00
2026-03-06 11:00   the bank settles                           -> owed 0.00
2026-03-06 12:00   Lin closes the credit line                 -> line closed
2026-03-08 10:00   the bank takes the repayment back          -> owed 1,000.00, available 0.00
2026-04-02 10:00   nothing happens                            -> payable 1,000.00
2026-04-03 10:00   Lin repays 400.00 from the wallet          -> owed 600.00, payable 600.00
2026-04-03 10:01   Lin buys books for 0.01                    -> refused credit.line_not_open
