# More time, asked for when the due day was missed already: it counts on that due day, so the late fee and the interest are gone, and automatic repayment collects on the new one.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-04-11 00:05   nothing happens                                    -> overdue 100.00, charges 5.00, inbox credit.payment_missed
2026-04-12 10:00   Lin switches automatic repayment on for ··1234     -> overdue 100.00
2026-04-12 10:01   Lin asks for an extension of 2 days                -> refused hardship.not_offered
2026-04-12 10:02   Lin asks for an extension of 3 days because of illness -> request waiting
2026-04-14 10:00   the operator prepares to grant the request         -> refused hardship.day_passed
2026-04-14 10:01   the operator prepares to grant an extension of 20 days -> refused hardship.not_offered
2026-04-14 10:02   the operator prepares to grant an extension of 10 days -> request waiting
2026-04-14 10:03   the second operator disagrees                      -> request waiting, charges 5.00
2026-04-14 10:04   the operator prepares to grant an extension of 12 days -> request waiting
2026-04-14 10:05   the second operator agrees                         -> request granted, due 2026-04-22, overdue 0.00, charges 0.00, payable 1,000.00, inbox hardship.extended
2026-04-22 05:00   nothing happens                                    -> payable 1,000.00
2026-04-22 07:00   the bank settles                                   -> payable 0.00, inbox repayment.settled
2026-05-02 00:05   nothing happens                                    -> interest 0.00, charges 0.00, interest earned 0.00
