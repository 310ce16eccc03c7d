# Who left a debt until it was written off buys no more on the line, in one part or several, whatever is repaid later; repaying is always possible.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                 -> owed 1,000.00
2026-08-08 10:00   Lin buys books for 10.00                    -> refused credit.line_overdue, owed 1,000.00
2026-08-09 00:05   nothing happens                             -> owed 0.00
2026-08-09 10:00   Lin buys books for 10.00                    -> refused credit.line_stopped, owed 0.00
2026-08-09 10:01   Lin buys books for 100.00 in 3 instalments  -> refused credit.line_stopped
2026-08-10 10:00   Lin repays 100.00 from the wallet           -> recovered 100.00, credit balance 0.00
2026-08-10 10:01   Lin buys books for 10.00                    -> refused credit.line_stopped
