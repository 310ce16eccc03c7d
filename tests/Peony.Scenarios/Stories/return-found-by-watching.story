# The bank's word of a return is lost; the enquiry days after settlement finds it.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234, redeems the code   -> payout ordered 500.00
2026-03-05 11:00   the bank settles                                          -> paid, wallet 499.50
2026-03-07 09:00   the bank falls silent, the bank returns the payout        -> paid, wallet 499.50
2026-03-07 12:00   the bank answers again                                    -> paid, wallet 499.50
2026-03-08 12:00   nothing happens                                           -> returned, wallet 1,000.00, inbox withdrawal.returned
