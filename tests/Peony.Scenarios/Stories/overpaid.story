# A purchase on the credit line, repaid with too much: the rest is credit balance and leaves in full.
customer  Lin   wallet 100.00   card ··1234

2026-03-05 10:00   Lin opens a credit line with ··1234                                   -> credit limit 1,500.00, inbox credit.opened
2026-03-05 10:05   Lin buys books for 400.00                                             -> owed 400.00, credit balance 0.00
2026-03-05 10:06   Lin buys books for 1,100.01                                           -> refused credit.limit_exceeded, owed 400.00
2026-03-05 10:10   Lin repays 100.00 from the wallet                                     -> owed 300.00, wallet 0.00, inbox repayment.settled
2026-03-05 10:20   Lin repays 1,100.00 from ··1234                                       -> owed 300.00
2026-03-05 10:25   the bank settles                                                      -> owed 0.00, credit balance 800.00, inbox repayment.settled
2026-03-05 10:30   Lin buys books for 50.00                                              -> owed 0.00, credit balance 750.00
2026-03-05 10:40   Lin asks to withdraw 750.00 to ··1234 from the credit balance         -> code sent, fee 0.00, held 750.00
2026-03-05 10:41   Lin redeems the code                                                  -> payout ordered 750.00, credit balance 0.00
2026-03-05 11:00   the bank settles                                                      -> paid, credit balance 0.00, owed 0.00
