# A code is for the card as it was bound when the code was made. Unbound and bound anew it is the same number, but the old code stays dead.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234            -> code sent, held 500.50
2026-03-05 10:01   Lin unbinds ··1234, binds ··1234                 -> cancelled, held 0.00
2026-03-05 10:02   Lin redeems the code                             -> refused withdrawal.code_void, wallet 1,000.00
2026-03-05 10:03   Lin asks again                                   -> code sent, withdrawal 2 awaiting code
2026-03-05 10:04   Lin redeems the code of withdrawal 1             -> refused withdrawal.code_void
2026-03-05 10:04   Lin redeems the code of withdrawal 2             -> withdrawal 2 payout ordered 500.00
