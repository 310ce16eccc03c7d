# A frozen line buys nothing and is repaid as ever; unfrozen, it buys again.
customer  Lin   wallet 500.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 300.00                              -> owed 300.00
2026-03-05 10:10   the operator freezes the line of Lin                   -> Lin line open
2026-03-05 10:11   the second operator approves the change                -> Lin line frozen, Lin inbox credit.line_frozen
2026-03-05 10:12   Lin buys books for 1.00                                -> refused credit.line_frozen, owed 300.00
2026-03-05 10:13   Lin buys books for 150.00 in 3 instalments             -> refused credit.line_frozen
2026-04-02 09:00   nothing happens                                        -> Lin payable 300.00
2026-04-05 10:00   Lin repays 300.00 from the wallet                      -> owed 0.00, payable 0.00
2026-04-05 10:10   the operator unfreezes the line of Lin                 -> Lin line frozen
2026-04-05 10:11   the second operator approves the change                -> Lin line open, Lin inbox credit.line_unfrozen
2026-04-05 10:12   Lin buys books for 1.00                                -> owed 1.00
