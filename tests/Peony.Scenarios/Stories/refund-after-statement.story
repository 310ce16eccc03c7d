# A purchase is refunded after its statement: it is not due any more, and no interest accrues on it; the part that is paid already becomes credit balance.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 300.00                                -> unbilled 300.00
2026-03-20 10:00   Lin buys books for 500.00                                -> unbilled 800.00
2026-04-02 00:05   nothing happens                                          -> payable 800.00, minimum 80.00
2026-04-03 10:00   Lin gets 500.00 of the last purchase refunded            -> payable 300.00, minimum 0.00, owed 300.00, inbox credit.refunded
2026-04-03 10:01   Lin gets 0.01 of the last purchase refunded              -> refused credit.refund_too_much
2026-04-09 10:00   Lin repays 300.00 from the wallet                        -> payable 0.00, owed 0.00
2026-05-02 00:05   nothing happens                                          -> interest 0.00, payable 0.00
