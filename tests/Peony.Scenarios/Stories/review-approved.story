# More than 800.00 to a card bound today: an operator looks first, after the code.
customer  Lin   wallet 2,000.00   card ··1234

2026-03-05 10:00   Lin binds ··5678                         -> inbox card.bound
2026-03-05 10:01   Lin asks to withdraw 900.00 to ··5678    -> code sent, held 900.90
2026-03-05 10:02   the operator approves                    -> refused withdrawal.not_in_review, awaiting code
2026-03-05 10:03   Lin redeems the code                     -> in review, held 900.90, inbox withdrawal.held_for_review
2026-03-05 10:04   Lin redeems the code                     -> refused withdrawal.code_used, held 900.90
2026-03-05 15:00   the operator approves                    -> payout ordered 900.00, held 0.00, wallet 1,099.10
2026-03-05 15:01   the operator declines                    -> refused withdrawal.not_in_review, payout ordered
2026-03-05 16:00   the bank settles                         -> paid, inbox withdrawal.paid
