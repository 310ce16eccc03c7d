# Name and ID number are enough for 10,000.00 a day to cards; above it the photo check is needed.
customer  Lin    wallet 30,000.00   card ··1234
customer  Wang   verified no

2026-03-05 09:00   Wang binds ··4321                                              -> refused verification.required
2026-03-05 09:01   Wang asks to withdraw 1.00 to the wallet                       -> refused verification.required
2026-03-05 10:00   Lin asks to withdraw 12,000.00 to ··1234                       -> refused verification.higher_required, at most 10,000.00 because of verification
2026-03-05 10:05   Lin passes the photo check                                     -> inbox customer.verified
2026-03-05 10:06   Lin asks to withdraw 12,000.00 to ··1234                       -> refused withdrawal.passkey_required
2026-03-05 10:07   Lin asks to withdraw 12,000.00 to ··1234 with a passkey        -> code sent, fee 12.00, held 12,012.00
2026-03-05 10:08   Lin redeems the code                                           -> payout ordered 12,000.00
2026-03-05 11:00   the bank settles                                               -> paid, wallet 17,988.00
