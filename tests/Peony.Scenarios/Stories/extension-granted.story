# More time, asked for before the due day: nothing is overdue, reminders follow the new due day, and what is paid by then costs nothing.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-03-06 10:00   Lin asks for an extension of 5 days                -> refused hardship.nothing_due
2026-04-02 00:05   nothing happens                                    -> payable 1,000.00, minimum 100.00, due 2026-04-10
2026-04-08 10:00   Lin asks for an extension of 15 days               -> refused hardship.not_offered
2026-04-08 10:01   Lin asks for an extension of 14 days because of luck -> refused hardship.reason_unknown
2026-04-08 10:02   Lin asks for an extension of 14 days               -> request waiting, inbox hardship.asked
2026-04-08 10:05   Lin asks for 3 instalments                         -> refused hardship.already_open
2026-04-09 11:00   the second operator agrees                         -> refused hardship.not_prepared
2026-04-09 11:01   the operator prepares to grant the request         -> request waiting, due 2026-04-10
2026-04-09 11:02   the operator prepares to decline the request       -> refused hardship.prepared
2026-04-09 11:03   the same operator agrees                           -> refused operator.own_work
2026-04-09 14:00   the second operator agrees                         -> request granted, due 2026-04-24, inbox hardship.extended, text hardship.extended
2026-04-09 14:01   the second operator agrees                         -> refused hardship.ended
2026-04-09 14:02   Lin takes the request back                         -> refused hardship.ended
2026-04-11 00:05   nothing happens                                    -> overdue 0.00, charges 0.00, payable 1,000.00
2026-04-21 08:00   nothing happens                                    -> due 2026-04-24
2026-04-21 09:30   nothing happens                                    -> inbox credit.bill_due
2026-04-24 10:00   Lin repays 1,000.00 from the wallet                -> payable 0.00, inbox credit.bill_due
2026-05-02 00:05   nothing happens                                    -> interest 0.00, charges 0.00, interest earned 0.00
