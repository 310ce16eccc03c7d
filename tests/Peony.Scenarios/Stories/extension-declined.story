# Declined by two operators: the bill is as it was, and the same may be asked for again.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-04-09 10:00   Lin asks for an extension of 7 days                -> request waiting
2026-04-09 11:00   the operator prepares to decline the request       -> request waiting
2026-04-09 12:00   the second operator agrees                         -> request declined, due 2026-04-10, inbox hardship.declined, text hardship.declined
2026-04-11 00:05   nothing happens                                    -> overdue 100.00, charges 5.00
2026-04-15 00:05   nothing happens                                    -> request declined
2026-04-15 10:00   Lin asks for an extension of 7 days                -> request waiting
2026-04-15 10:01   Lin takes the request back                         -> request withdrawn
2026-04-21 10:00   Lin asks for an extension of 12 days               -> refused hardship.too_late
