# Part of a statement is turned into six instalments: 1,000.00 do not divide by six, so the first four parts have a fen more. The fee of 4.5 % is 45.00, 7.50 with each.
customer  Lin   wallet 3,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,200.00                                     -> unbilled 1,200.00
2026-03-05 10:05   Lin turns 500.00 of the statement into 6 instalments            -> refused credit.instalments_above_statement
2026-04-02 00:05   nothing happens                                                 -> payable 1,200.00, minimum 120.00
2026-04-03 10:00   Lin turns 1,000.00 of the statement into 6 instalments          -> payable 200.00, minimum 120.00, owed 1,200.00
2026-04-09 10:00   Lin repays 200.00 from the wallet                               -> payable 0.00, minimum 0.00, owed 1,000.00
2026-05-02 00:05   nothing happens                                                 -> payable 174.17, minimum 174.17, charges 7.50
2026-05-09 10:00   Lin repays 174.17 from the wallet                               -> owed 833.33
2026-06-02 00:05   nothing happens                                                 -> payable 174.17
2026-06-09 10:00   Lin repays 174.17 from the wallet                               -> owed 666.66
2026-07-02 00:05   nothing happens                                                 -> payable 174.17
2026-07-09 10:00   Lin pays off the instalments                                    -> owed 166.67, payable 174.17
2026-07-09 10:01   Lin repays 174.17 from the wallet                               -> owed 0.00, charges 0.00
2026-08-02 00:05   nothing happens                                                 -> payable 0.00
