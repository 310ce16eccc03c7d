# Nobody looks for three days: no is the answer by itself. Before that the owner may take it back.
customer  Lin    wallet 2,000.00   card ··1234
customer  Wang   wallet 2,000.00   card ··4321

2026-03-05 10:00   Lin binds ··5678, asks to withdraw 900.00 to ··5678, redeems the code     -> in review, held 900.90
2026-03-05 10:00   Wang binds ··8765, asks to withdraw 900.00 to ··8765, redeems the code    -> in review, held 900.90
2026-03-06 10:00   Wang cancels                                                              -> cancelled, held 0.00
2026-03-08 09:59   nothing happens                                                           -> Lin in review, Lin held 900.90, Wang cancelled
2026-03-08 10:00   nothing happens                                                           -> Lin declined, Lin held 0.00, Lin inbox withdrawal.review_declined, Wang cancelled
2026-03-08 10:01   the operator approves                                                     -> refused withdrawal.not_in_review
