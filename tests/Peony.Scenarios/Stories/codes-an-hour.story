# Five codes an hour, whether for new withdrawals or for the same one again.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234     -> code sent
2026-03-05 10:01   Lin asks for a new code by text 2 times   -> code delivered, held 500.50
2026-03-05 10:10   Lin asks again                            -> code sent, withdrawal 1 expired
2026-03-05 10:20   Lin asks again                            -> code sent
2026-03-05 10:21   Lin asks for a new code by text           -> refused withdrawal.too_many_codes
2026-03-05 10:22   Lin asks again                            -> refused withdrawal.too_many_codes, awaiting code
2026-03-05 10:23   Lin cancels                               -> cancelled
2026-03-05 10:59   Lin asks again                            -> refused withdrawal.too_many_codes
2026-03-05 11:00   Lin asks again, redeems the code          -> payout ordered 500.00
