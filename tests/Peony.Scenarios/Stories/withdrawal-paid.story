# The plain case: asked for, confirmed with the code, paid by the bank. The fee is 0.1 %, at least 0.10.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code delivered, fee 0.50, held 500.50, wallet 1,000.00, inbox withdrawal.code_sent
2026-03-05 10:01   Lin redeems the code                    -> payout ordered 500.00, held 0.00, wallet 499.50
2026-03-05 10:02   Lin redeems the code                    -> refused withdrawal.code_used, wallet 499.50
2026-03-05 10:03   Lin cancels                             -> refused withdrawal.too_late_to_cancel
2026-03-05 10:40   the bank settles                        -> paid 500.00, wallet 499.50, fees earned 0.50, inbox withdrawal.paid
2026-03-05 10:41   Lin redeems the code                    -> refused withdrawal.code_used, wallet 499.50
