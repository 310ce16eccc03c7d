# An overpayment is taken back by the bank after its credit balance was spent and withdrawn: what is not there any more is owed.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin repays 500.00 from ··1234                        -> credit balance 0.00
2026-03-05 11:00   the bank settles                                     -> credit balance 500.00
2026-03-06 10:00   Lin buys books for 200.00                            -> credit balance 300.00, owed 0.00
2026-03-07 10:00   Lin asks to withdraw 250.00 to ··1234 from the credit balance, redeems the code   -> credit balance 50.00
2026-03-07 11:00   the bank settles                                     -> paid 250.00
2026-03-09 10:00   the bank takes the repayment back                    -> credit balance 0.00, owed 450.00, unbilled 450.00, inbox repayment.returned
2026-04-02 00:05   nothing happens                                      -> payable 450.00
