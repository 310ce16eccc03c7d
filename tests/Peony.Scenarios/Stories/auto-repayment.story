# Automatic repayment collects on the morning of the due day; when the bank does not pay, there is still the day to do it by hand.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin switches automatic repayment on for ··1234, buys books for 400.00   -> owed 400.00
2026-04-02 00:05   nothing happens                                                         -> payable 400.00
2026-04-10 06:05   nothing happens                                                         -> payable 400.00
2026-04-10 06:10   the bank settles                                                        -> payable 0.00, owed 0.00, wallet 2,000.00, inbox repayment.settled
2026-04-15 10:00   Lin buys books for 100.00                                               -> owed 100.00
2026-05-10 06:05   nothing happens                                                         -> payable 100.00
2026-05-10 06:10   the bank rejects with AM04                                              -> payable 100.00, inbox repayment.failed
2026-05-10 20:00   Lin repays 100.00 from the wallet                                       -> payable 0.00
2026-05-11 00:05   nothing happens                                                         -> overdue 0.00, interest 0.00
