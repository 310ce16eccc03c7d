# Two operators raise a limit; one of them alone does not.
customer  Lin   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,500.01                            -> refused credit.limit_exceeded
2026-03-05 10:05   the operator sets the limit of Lin to 20,000.00        -> refused credit.limit_invalid
2026-03-05 10:06   the operator sets the limit of Lin to 3,000.00         -> credit limit 1,500.00
2026-03-05 10:07   the operator sets the limit of Lin to 4,000.00         -> refused credit.change_waiting
2026-03-05 10:08   the second operator rejects the change                 -> Lin credit limit 1,500.00
2026-03-05 10:09   the operator sets the limit of Lin to 3,000.00         -> credit limit 1,500.00
2026-03-05 10:10   the second operator approves the change                -> Lin credit limit 3,000.00, Lin inbox credit.line_raised
2026-03-05 10:11   Lin buys books for 3,000.00                            -> owed 3,000.00, available 0.00
