# 50,000.00 at once and 100,000.00 in 24 hours; large sums wait for an operator and need a passkey.
customer  Lin   wallet 200,000.00   card ··1234   verified enhanced

2026-03-05 10:00   Lin asks to withdraw 50,000.01 to ··1234                                     -> refused withdrawal.over_limit, at most 50,000.00 because of single
2026-03-05 10:01   Lin asks to withdraw 50,000.00 to ··1234                                     -> refused withdrawal.passkey_required
2026-03-05 10:02   Lin asks to withdraw 50,000.00 to ··1234 with a passkey, redeems the code    -> in review, fee 25.00, held 50,025.00, inbox withdrawal.held_for_review
2026-03-05 10:10   the operator approves                                                        -> payout ordered
2026-03-05 10:20   Lin asks to withdraw 40,000.00 to ··1234 with a passkey, redeems the code    -> in review
2026-03-05 10:21   Lin asks to withdraw 10,000.01 to ··1234                                     -> refused withdrawal.over_limit, at most 10,000.00 because of daily
2026-03-05 10:30   the operator approves, the bank settles                                      -> withdrawal 1 paid, withdrawal 2 paid, wallet 109,950.00
2026-03-06 10:01   Lin looks at withdrawing to ··1234                                           -> at most 10,000.00 because of daily
2026-03-06 10:02   Lin looks at withdrawing to ··1234                                           -> at most 50,000.00 because of single
