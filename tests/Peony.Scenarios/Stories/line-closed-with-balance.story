# Credit balance is paid out before a line is closed; a repayment on its way is waited for.
customer  Lin   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 100.00                              -> owed 100.00
2026-03-05 10:01   Lin repays 150.00 from ··1234                          -> owed 100.00
2026-03-05 10:02   Lin closes the credit line                             -> refused credit.close_repaying
2026-03-05 10:03   the bank settles                                       -> Lin owed 0.00, Lin credit balance 50.00
2026-03-05 10:04   Lin closes the credit line                             -> refused credit.close_balance_left
2026-03-05 10:05   Lin asks to withdraw 50.00 to the wallet               -> code sent
2026-03-05 10:06   Lin closes the credit line                             -> refused credit.close_balance_left
2026-03-05 10:07   Lin redeems the code                                   -> paid 50.00, credit balance 0.00
2026-03-05 10:08   Lin closes the credit line                             -> line closed
2026-03-05 10:09   Lin gets 30.00 of the last purchase refunded           -> credit balance 30.00, line closed
2026-03-05 10:10   Lin asks to withdraw 30.00 to the wallet               -> code sent
2026-03-05 10:11   Lin redeems the code                                   -> paid 30.00, credit balance 0.00, wallet 80.00
