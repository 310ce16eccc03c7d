# The fifth wrong code kills the right one. The money is free, and the owner is told.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code sent, held 500.50
2026-03-05 10:01   Lin types a wrong code                  -> refused withdrawal.code_wrong, tries left 4, held 500.50
2026-03-05 10:02   Lin types a wrong code 3 times          -> refused withdrawal.code_wrong, tries left 1, awaiting code
2026-03-05 10:03   Lin types a wrong code                  -> refused withdrawal.code_locked, locked, held 0.00, inbox withdrawal.locked_out
2026-03-05 10:03   Lin redeems the code                    -> refused withdrawal.code_locked, wallet 1,000.00
2026-03-05 10:04   Lin asks again, redeems the code        -> payout ordered, held 0.00, wallet 499.50
