# Credit balance is set aside for a withdrawal while its owner buys, and free again before they buy once more: what is free when the day is closed pays what is owed, and no more than that.
customer  Lin   wallet 1,000.00   credit-balance 100.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 100.00 to ··1234 from the credit balance   -> held 100.00
2026-03-05 10:01   Lin buys books for 60.00                                        -> owed 60.00
2026-03-05 10:02   Lin cancels                                                     -> held 0.00, credit balance 100.00
2026-03-08 10:00   Lin buys books for 50.00                                        -> credit balance 50.00, owed 60.00
2026-04-02 00:05   nothing happens                                                 -> credit balance 0.00, owed 10.00, payable 10.00
2026-04-05 10:00   Lin repays 10.00 from the wallet                                -> owed 0.00, payable 0.00
