# Nobody decides within five days: declined by time, and the customer is told; a decision that comes later changes nothing.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-04-09 10:00   Lin asks for an extension of 7 days                -> request waiting
2026-04-10 10:00   the operator prepares to grant the request         -> request waiting
2026-04-14 09:59   nothing happens                                    -> request waiting, overdue 100.00
2026-04-14 10:01   nothing happens                                    -> request not decided, inbox hardship.not_decided, text hardship.not_decided
2026-04-14 10:02   the second operator agrees                         -> refused hardship.ended
2026-04-14 10:03   Lin asks for an extension of 7 days                -> request waiting, charges 5.00
