# Twenty wrong codes in 24 hours, and no code is made or taken until the first is a day old. From the tenth on a passkey is asked for.
customer  Lin   wallet 1,000.00   card ··1234

2026-03-05 08:00   Lin asks to withdraw 500.00 to ··1234, types a wrong code 5 times   -> refused withdrawal.code_locked, locked
2026-03-05 10:00   Lin asks again, types a wrong code 5 times                          -> refused withdrawal.code_locked, locked
2026-03-05 12:00   Lin asks again                                                      -> refused withdrawal.passkey_required
2026-03-05 12:01   Lin asks again with a passkey, types a wrong code 5 times           -> refused withdrawal.code_locked, locked
2026-03-05 14:00   Lin asks again with a passkey, types a wrong code 4 times           -> refused withdrawal.code_wrong, tries left 1
2026-03-05 14:01   Lin types a wrong code                                              -> refused withdrawal.code_locked, locked, held 0.00
2026-03-05 16:00   Lin asks again with a passkey                                       -> refused withdrawal.too_many_tries, held 0.00
2026-03-06 07:59   Lin asks again with a passkey                                       -> refused withdrawal.too_many_tries
2026-03-06 08:00   Lin asks again with a passkey, redeems the code                     -> payout ordered 500.00
