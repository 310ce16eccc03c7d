# A purchase is refunded, and cash is asked for: a person looks whether this is cash-out.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 800.00                                           -> owed 800.00
2026-03-06 10:00   Lin gets 800.00 of the last purchase refunded                       -> owed 0.00
2026-03-07 10:00   Lin asks for a cash advance of 200.00 to ··1234, redeems the code   -> in review, held 200.00
2026-03-07 12:00   the operator declines                                               -> declined, held 0.00, owed 0.00
2026-03-15 10:00   Lin asks for a cash advance of 200.00 to ··1234, redeems the code   -> payout ordered 200.00, owed 200.00
