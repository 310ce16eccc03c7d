# The bank sends a cash advance back that was repaid already: what was repaid is credit balance.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin asks for a cash advance of 300.00 to ··1234, redeems the code   -> payout ordered, owed 300.00
2026-03-05 11:00   the bank settles                                                    -> paid
2026-03-06 10:00   Lin repays 301.20 from the wallet                                   -> owed 0.00, charges 0.00, wallet 1,698.80
2026-03-07 09:00   the bank returns the payout with AC06                               -> returned, owed 0.00, credit balance 301.20
