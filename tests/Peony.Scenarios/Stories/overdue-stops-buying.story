# From the day after a missed due day nothing is bought on the line; paid, it buys again at once.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                            -> owed 1,000.00
2026-04-10 10:00   Lin buys books for 10.00                               -> owed 1,010.00
2026-04-11 10:00   Lin buys books for 10.00                               -> refused credit.line_overdue, overdue 100.00, 1 days overdue
2026-04-11 10:01   Lin repays 99.99 from the wallet                       -> overdue 0.01
2026-04-11 10:02   Lin buys books for 10.00                               -> refused credit.line_overdue
2026-04-11 10:03   Lin repays 0.01 from the wallet                        -> overdue 0.00, 0 days overdue, available 590.00
2026-04-11 10:04   Lin buys books for 10.00                               -> owed 920.00
