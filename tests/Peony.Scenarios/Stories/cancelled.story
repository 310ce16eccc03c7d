# Who changes their mind has the money back at once; the code is worth nothing any more.
customer  Lin   wallet 1,000.00   card ··1234   device tablet

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code sent, held 500.50
2026-03-05 10:02   Lin on the tablet cancels               -> cancelled, held 0.00, wallet 1,000.00, inbox withdrawal.cancelled
2026-03-05 10:02   Lin cancels                             -> cancelled
2026-03-05 10:03   Lin redeems the code                    -> refused withdrawal.code_void, wallet 1,000.00, fees earned 0.00
