# A code lives five minutes. Then the money is free again, and one tap asks anew.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> code sent, held 500.50
2026-03-05 10:04   nothing happens                         -> awaiting code, held 500.50
2026-03-05 10:05   nothing happens                         -> expired, held 0.00, inbox withdrawal.expired
2026-03-05 10:07   Lin redeems the code                    -> refused withdrawal.code_expired, held 0.00
2026-03-05 10:08   Lin asks again, redeems the code        -> payout ordered 500.00, withdrawal 1 expired
2026-03-05 10:30   the bank settles                        -> paid, wallet 499.50
