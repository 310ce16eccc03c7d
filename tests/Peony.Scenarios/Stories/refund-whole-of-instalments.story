# A purchase in instalments is refunded whole after the first was billed: nothing more is billed, and what was billed is paid by it.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments                                   -> owed 900.00
2026-04-02 00:05   nothing happens                                                              -> payable 306.90, charges 6.90
2026-04-03 10:00   Lin gets 900.00 of the last purchase refunded and its instalments lowered    -> payable 6.90, owed 6.90, charges 0.00, credit balance 0.00
2026-04-09 10:00   Lin repays 6.90 from the wallet                                              -> payable 0.00
2026-05-02 00:05   nothing happens                                                              -> payable 0.00
