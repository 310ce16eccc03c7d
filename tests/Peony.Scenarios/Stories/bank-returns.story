# Paid, and the next morning the money comes back: wallet and fee as before, once.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234, redeems the code   -> payout ordered 500.00
2026-03-05 11:00   the bank settles                                          -> paid, wallet 499.50
2026-03-06 09:00   the bank returns the payout with AC06                     -> returned, wallet 1,000.00, fees earned 0.00, inbox withdrawal.returned
2026-03-20 09:00   nothing happens                                           -> returned, wallet 1,000.00
