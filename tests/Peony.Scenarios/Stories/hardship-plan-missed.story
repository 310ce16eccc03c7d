# An instalment of a plan granted in hardship that is missed costs what any minimum costs, and contacts may be made again; the other instalments stay as they were.
# 150.00 x 10 days (1 to 10 May) = 0.75, x 22 days to 1 June = 1.65; late interest 0.0225 x 22 = 0.495; 2.895 in all.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00                          -> unbilled 900.00
2026-04-08 10:00   Lin asks for 3 instalments                         -> request waiting
2026-04-08 11:00   the operator prepares to grant 6 instalments       -> request waiting
2026-04-08 12:00   the second operator agrees                         -> request granted, payable 0.00
2026-05-02 00:05   nothing happens                                    -> payable 150.00, minimum 150.00, interest 0.00
2026-05-10 23:00   nothing happens                                    -> overdue 0.00
2026-05-11 10:00   the operator contacts Lin by phone                 -> contacts 1, overdue 150.00, charges 7.50, owed 900.00
2026-06-02 00:05   nothing happens                                    -> payable 310.40, interest 2.90
