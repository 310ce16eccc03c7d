# A cash advance: held while the code lives, owed from the moment it is paid out, its fee at once and its interest from the first day.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin asks for a cash advance of 300.00 to ··1234, redeems the code   -> payout ordered 300.00, owed 300.00, charges 1.20, advances 300.00
2026-03-05 11:00   the bank settles                                                    -> paid, unbilled 301.20
2026-04-02 00:05   nothing happens                                                     -> payable 305.40, interest 4.20, minimum 35.40
2026-04-08 10:00   Lin repays 305.40 from the wallet                                   -> payable 0.00, owed 0.00, advances 0.00
2026-05-02 00:05   nothing happens                                                     -> payable 0.90, interest 0.90
