# Unbinding the card cancels what waits for a code; what the bank already has is paid all the same.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 100.00 to ··1234, redeems the code   -> payout ordered 100.00
2026-03-05 10:10   Lin asks to withdraw 500.00 to ··1234                     -> code sent, held 500.50
2026-03-05 10:11   Lin unbinds ··1234                                        -> withdrawal 2 cancelled, withdrawal 1 payout ordered, held 0.00, inbox card.unbound, inbox withdrawal.cancelled
2026-03-05 10:12   Lin redeems the code                                      -> refused withdrawal.code_void
2026-03-05 10:12   Lin asks again                                            -> refused card.unbound
2026-03-05 10:30   the bank settles                                          -> withdrawal 1 paid, wallet 899.90
