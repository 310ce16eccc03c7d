# Part of a purchase in instalments is refunded and lowers each instalment to come, its fee with it.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments                                       -> owed 900.00
2026-04-02 00:05   nothing happens                                                                  -> payable 306.90
2026-04-03 10:00   Lin gets 400.00 of the last purchase refunded and its instalments lowered        -> payable 306.90, owed 500.00, credit balance 0.00
2026-04-10 10:00   Lin repays 306.90 from the wallet                                                -> payable 0.00
2026-05-02 00:05   nothing happens                                                                  -> payable 102.30
2026-05-09 10:00   Lin repays 102.30 from the wallet                                                -> payable 0.00
2026-06-02 00:05   nothing happens                                                                  -> payable 102.30, owed 100.00
