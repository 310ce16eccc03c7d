# A cash advance nobody repays: fee, interest from the first day, late interest and late fee beside it.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin asks for a cash advance of 400.00 to ··1234, redeems the code   -> payout ordered, owed 400.00, charges 1.60
2026-03-05 11:00   the bank settles                                                    -> paid
2026-04-02 00:05   nothing happens                                                     -> payable 407.20, interest 5.60, minimum 47.20
2026-04-11 00:05   nothing happens                                                     -> overdue 47.20, charges 6.60
