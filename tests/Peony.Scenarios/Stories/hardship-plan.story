# A plan granted two days after it was asked for counts from that day: interest stops there, what is overdue is not overdue any more, and three even parts are billed without a fee.
# 900.00 x 38 days (5 March to 11 April) = 17.10, and late interest on 90.00 for 1 day = 0.0135.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00                          -> unbilled 900.00
2026-04-12 10:00   Lin asks for 4 instalments                         -> refused hardship.not_offered
2026-04-12 10:01   Lin asks for 3 instalments because of disaster     -> request waiting, overdue 90.00, charges 5.00
2026-04-14 10:00   the operator prepares to grant the request         -> request waiting
2026-04-14 11:00   the second operator agrees                         -> request granted, overdue 0.00, payable 0.00, owed 900.00, inbox hardship.plan_granted
2026-05-02 00:05   nothing happens                                    -> payable 322.11, interest 17.11, charges 5.00, minimum 322.11
2026-05-03 10:00   Lin repays 322.11 from the wallet                  -> payable 0.00, owed 600.00
2026-06-02 00:05   nothing happens                                    -> payable 300.00, interest 0.00
2026-06-03 10:00   Lin repays 300.00 from the wallet                  -> payable 0.00
2026-07-02 00:05   nothing happens                                    -> payable 300.00, interest 0.00
2026-07-03 10:00   Lin repays 300.00 from the wallet                  -> owed 0.00, interest earned 17.11
