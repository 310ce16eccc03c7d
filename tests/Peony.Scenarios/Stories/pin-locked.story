# Five wrong PINs lock the PIN for half an hour; also the right one is not taken meanwhile.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234 with a wrong PIN            -> refused pin.wrong, tries left 4, held 0.00
2026-03-05 10:01   Lin asks to withdraw 500.00 to ··1234 with a wrong PIN 3 times    -> refused pin.wrong, tries left 1
2026-03-05 10:02   Lin asks to withdraw 500.00 to ··1234 with a wrong PIN            -> refused pin.locked, inbox pin.locked
2026-03-05 10:31   Lin asks to withdraw 500.00 to ··1234                             -> refused pin.locked, held 0.00
2026-03-05 10:32   Lin asks to withdraw 500.00 to ··1234                             -> code sent, held 500.50
2026-03-05 10:33   Lin redeems the code                                              -> payout ordered 500.00
