# A slip of the finger costs a try and nothing else.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code sent
2026-03-05 10:01   Lin types a wrong code 3 times          -> refused withdrawal.code_wrong, tries left 2, held 500.50
2026-03-05 10:02   Lin redeems the code                    -> payout ordered 500.00, held 0.00
2026-03-05 10:30   the bank settles                        -> paid, wallet 499.50
