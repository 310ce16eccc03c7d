# The bank took nothing at all: once it says that it does not know the order, it is sent.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 09:59   the bank closes
2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234, redeems the code   -> payout ordered 500.00
2026-03-05 10:30   the bank answers again                                    -> payout ordered
2026-03-06 00:00   the bank settles                                          -> paid 500.00, wallet 499.50
