# The bank takes the order and does not answer. Nobody sends twice: it is asked for until the answer is found.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 09:59   the bank falls silent
2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234, redeems the code   -> payout ordered 500.00, wallet 499.50
2026-03-05 10:30   nothing happens                                           -> payout ordered, inbox withdrawal.delayed
2026-03-05 11:00   the bank settles                                          -> payout ordered, wallet 499.50
2026-03-05 11:30   the bank answers again                                    -> payout ordered
2026-03-06 00:00   nothing happens                                           -> paid 500.00, wallet 499.50, inbox withdrawal.paid
