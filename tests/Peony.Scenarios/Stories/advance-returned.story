# The bank sends a cash advance back after the statement: neither fee nor interest nor debt is left of it.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-30 10:00   Lin asks for a cash advance of 300.00 to ··1234, redeems the code   -> payout ordered, owed 300.00, charges 1.20
2026-03-30 11:00   the bank settles                                                    -> paid
2026-04-02 00:05   nothing happens                                                     -> payable 301.65
2026-04-03 09:00   the bank returns the payout with AC06                               -> returned, payable 0.00, owed 0.00, charges 0.00, interest earned 0.00, credit balance 0.00
2026-05-02 00:05   nothing happens                                                     -> payable 0.00
