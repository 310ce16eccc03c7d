# No text arrives. The page says so and offers the other device; the new code works and the old one is dead.
customer  Lin    wallet 1,000.00   card ··1234   device tablet
customer  Wang   wallet 1,000.00   card ··4321

2026-03-05 09:59   texts stop arriving
2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234   -> awaiting code, code not delivered, held 500.50
2026-03-05 10:01   Lin on the tablet asks for a new code by push   -> refused withdrawal.other_session
2026-03-05 10:01   Lin asks for a new code by push         -> code sent, held 500.50
2026-03-05 10:02   Lin redeems the code                    -> payout ordered 500.00, held 0.00
2026-03-05 10:03   Wang asks to withdraw 500.00 to ··4321  -> code not delivered
2026-03-05 10:04   Wang asks for a new code by push        -> refused withdrawal.no_other_device
2026-03-05 10:05   texts arrive again, Wang asks for a new code by text   -> code delivered, held 500.50
2026-03-05 10:06   Wang redeems the code                   -> payout ordered 500.00
2026-03-05 11:00   the bank settles                        -> Lin paid, Wang paid, fees earned 1.00
