# The operator says no: the money is free again and its owner is told.
customer  Lin   wallet 2,000.00   card ··1234

2026-03-05 10:00   Lin binds ··5678
2026-03-05 10:01   Lin asks to withdraw 900.00 to ··5678, redeems the code   -> in review, held 900.90
2026-03-05 11:00   the operator declines                                     -> declined, held 0.00, wallet 2,000.00, inbox withdrawal.review_declined
2026-03-05 11:01   the operator approves                                     -> refused withdrawal.not_in_review
2026-03-05 11:02   Lin redeems the code                                      -> refused withdrawal.code_used, fees earned 0.00
