# A code works only in the session that asked; elsewhere it is a wrong code, in the same words.
customer  Lin   wallet 1,000.00   card ··1234   device tablet

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code sent
2026-03-05 10:01   Lin on the tablet redeems the code      -> refused withdrawal.code_wrong, tries left 4, held 500.50
2026-03-05 10:02   Lin redeems the code                    -> payout ordered 500.00
2026-03-05 10:10   Lin signs in on the laptop              -> inbox customer.new_device
2026-03-05 10:11   Lin on the laptop asks to withdraw 100.00 to ··1234 by push   -> code sent
2026-03-05 10:12   Lin on the laptop redeems the code      -> payout ordered 100.00
