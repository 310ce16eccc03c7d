# A frozen customer's money does not leave: no code is taken, none is made, no operator lets it go. Cancelling is always possible.
customer  Lin   wallet 2,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234                     -> code sent, held 500.50
2026-03-05 10:01   Lin freezes the account                                   -> inbox customer.frozen
2026-03-05 10:02   Lin redeems the code                                      -> refused customer.frozen, held 500.50
2026-03-05 10:03   Lin asks to withdraw 1.00 to ··1234                       -> refused customer.frozen
2026-03-05 10:03   Lin binds ··5678                                          -> refused customer.frozen
2026-03-05 10:04   Lin cancels                                               -> cancelled, held 0.00
2026-03-05 10:10   Lin unfreezes the account                                 -> inbox customer.unfrozen
2026-03-05 10:11   Lin binds ··5678, asks to withdraw 900.00 to ··5678, redeems the code   -> in review
2026-03-05 10:12   Lin freezes the account
2026-03-05 10:13   the operator approves                                     -> refused customer.frozen, in review, held 900.90
2026-03-05 10:14   Lin unfreezes the account, the operator approves          -> payout ordered 900.00
2026-03-05 11:00   the bank settles                                          -> paid, wallet 1,099.10
