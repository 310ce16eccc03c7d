# One live code a card: asking again kills the code before, and what it held is free for the new one.
customer  Lin   wallet 1,000.00   card ··1234   card ··5678

2026-03-05 10:00   Lin asks to withdraw 600.00 to ··1234   -> held 600.60
2026-03-05 10:01   Lin asks to withdraw 700.00 to ··1234   -> withdrawal 1 cancelled, withdrawal 2 awaiting code, held 700.70
2026-03-05 10:02   Lin redeems the code of withdrawal 1    -> refused withdrawal.code_void, held 700.70
2026-03-05 10:02   Lin asks to withdraw 100.00 to ··5678   -> withdrawal 2 awaiting code, withdrawal 3 awaiting code, held 800.80
2026-03-05 10:03   Lin redeems the code of withdrawal 2    -> withdrawal 2 payout ordered 700.00, held 100.10
2026-03-05 10:03   Lin redeems the code of withdrawal 3    -> withdrawal 3 payout ordered 100.00, held 0.00
2026-03-05 10:30   the bank settles                        -> withdrawal 2 paid, withdrawal 3 paid, wallet 199.20, fees earned 0.80
