# Part of a purchase in instalments is refunded and the last instalment goes: it ends a month earlier.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments                                       -> owed 900.00
2026-04-03 10:00   Lin gets 400.00 of the last purchase refunded and its instalments shortened      -> payable 306.90, owed 500.00
2026-04-10 10:00   Lin repays 306.90 from the wallet                                                -> payable 0.00
2026-05-02 00:05   nothing happens                                                                  -> payable 204.60
2026-05-09 10:00   Lin repays 204.60 from the wallet                                                -> payable 0.00, owed 0.00
2026-06-02 00:05   nothing happens                                                                  -> payable 0.00
