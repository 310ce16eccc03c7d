# A purchase in instalments is paid off early and refunded after that: all of it is credit balance.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments                     -> owed 900.00
2026-03-20 10:00   Lin pays off the instalments                                   -> owed 0.00, wallet 1,100.00
2026-03-25 10:00   Lin gets 900.00 of the last purchase refunded                  -> owed 0.00, credit balance 900.00
2026-04-02 00:05   nothing happens                                                -> payable 0.00, credit balance 900.00
