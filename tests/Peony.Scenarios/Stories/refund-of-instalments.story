# Part of a purchase in instalments is refunded: it goes against what is billed, the rest is credit balance, which pays the next part when that is billed.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments               -> owed 900.00
2026-04-02 00:05   nothing happens                                          -> payable 306.90
2026-04-03 10:00   Lin gets 400.00 of the last purchase refunded and paid back   -> payable 0.00, owed 600.00, credit balance 93.10
2026-05-02 00:05   nothing happens                                          -> payable 213.80, credit balance 0.00
2026-05-10 10:00   Lin repays 213.80 from the wallet                        -> payable 0.00, owed 300.00, credit balance 0.00
2026-06-02 00:05   nothing happens                                          -> payable 306.90, overdue 0.00, interest 0.00
