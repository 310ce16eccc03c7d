# The bank does not pay a cash advance out: the line is as before.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 100.00                                           -> owed 100.00
2026-03-05 10:01   Lin asks for a cash advance of 300.00 to ··1234, redeems the code   -> payout ordered, owed 400.00, charges 1.20
2026-03-06 11:00   the bank rejects with AC04                                          -> rejected, owed 100.00, charges 0.00, unbilled 100.00
