# The bank does not take the order: amount and fee are back, and it counts against no limit.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234, redeems the code   -> payout ordered 500.00, wallet 499.50, fees earned 0.50
2026-03-05 10:20   the bank rejects with AC04                                -> rejected, wallet 1,000.00, fees earned 0.00, inbox withdrawal.rejected
2026-03-05 10:21   Lin redeems the code                                      -> refused withdrawal.code_used
2026-03-05 10:22   Lin cancels                                               -> refused withdrawal.ended
2026-03-05 10:25   Lin asks again, redeems the code                          -> withdrawal 2 payout ordered
2026-03-05 11:00   the bank settles                                          -> withdrawal 2 paid, withdrawal 1 rejected, wallet 499.50
