# An overcharged purchase is refunded after the bill was paid: what comes back is credit balance, and leaves with a code.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-20 10:00   Lin buys books for 500.00                                -> unbilled 500.00
2026-04-05 10:00   Lin repays 500.00 from the wallet                        -> owed 0.00
2026-04-20 10:00   Lin gets 200.00 of the last purchase refunded            -> credit balance 200.00, owed 0.00
2026-04-20 10:10   Lin asks to withdraw 200.00 to ··1234 from the credit balance   -> code sent, held 200.00
2026-04-20 10:11   Lin redeems the code                                     -> payout ordered 200.00, credit balance 0.00
2026-04-20 11:00   the bank settles                                         -> paid
2026-05-02 00:05   nothing happens                                          -> payable 0.00, credit balance 0.00
