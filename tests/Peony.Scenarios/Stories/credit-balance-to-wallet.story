# Credit balance goes to the wallet balance at once, for nothing; it needs a code all the same.
customer  Lin   credit-balance 800.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 300.00 to the wallet   -> code sent, fee 0.00, held 300.00, credit balance 800.00
2026-03-05 10:01   Lin types a wrong code                      -> refused withdrawal.code_wrong, tries left 4
2026-03-05 10:01   Lin redeems the code                        -> paid 300.00, held 0.00, wallet 300.00, credit balance 500.00, inbox withdrawal.paid_to_wallet
2026-03-05 10:02   Lin redeems the code                        -> refused withdrawal.code_used, wallet 300.00
2026-03-05 10:03   Lin asks to withdraw 500.01 to the wallet   -> refused withdrawal.not_enough, at most 500.00
