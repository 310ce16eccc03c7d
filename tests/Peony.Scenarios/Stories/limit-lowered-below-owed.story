# A limit is lowered below what is owed: what was bought stays as it is, and nothing more is bought until it is paid down.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                            -> owed 1,000.00, credit limit 1,500.00
2026-03-05 11:00   the operator sets the limit of Lin to 400.00           -> credit limit 1,500.00
2026-03-05 11:01   the same operator approves the change                  -> refused operator.own_work, Lin credit limit 1,500.00
2026-03-05 11:02   the second operator approves the change                -> Lin credit limit 400.00, Lin owed 1,000.00, Lin available 0.00, Lin inbox credit.line_lowered
2026-03-05 11:03   the second operator approves the change                -> refused credit.change_decided
2026-03-05 12:00   Lin buys books for 0.01                                -> refused credit.limit_exceeded, owed 1,000.00
2026-03-06 12:00   Lin repays 600.00 from the wallet                      -> owed 400.00, available 0.00
2026-03-06 12:01   Lin buys books for 0.01                                -> refused credit.limit_exceeded
2026-03-06 12:02   Lin repays 100.00 from the wallet                      -> owed 300.00, available 100.00
2026-03-06 12:03   Lin buys books for 100.00                              -> owed 400.00
2026-04-02 09:00   nothing happens                                        -> Lin payable 400.00
