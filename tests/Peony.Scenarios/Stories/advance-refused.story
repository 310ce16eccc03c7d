# What a cash advance is not given for: above the sub-limit, below the least, and for what the terms do not lend.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin asks for a cash advance of 450.01 to ··1234                     -> refused withdrawal.not_enough
2026-03-05 10:01   Lin asks for a cash advance of 99.99 to ··1234                      -> refused withdrawal.amount_invalid
2026-03-05 10:02   Lin asks for a cash advance of 100.00 to ··1234 for investment      -> refused withdrawal.purpose_refused
2026-03-05 10:03   Lin asks for a cash advance of 100.00 to ··1234 for fun             -> refused withdrawal.purpose_required
2026-03-05 10:04   Lin asks for a cash advance of 450.00 to ··1234                     -> code sent, held 450.00
2026-03-05 10:05   Lin asks for a cash advance of 100.00 to ··1234                     -> code sent, held 100.00
2026-03-05 10:06   Lin redeems the code                                                -> payout ordered 100.00, owed 100.00
2026-03-05 10:07   Lin asks for a cash advance of 350.01 to ··1234                     -> refused withdrawal.not_enough
