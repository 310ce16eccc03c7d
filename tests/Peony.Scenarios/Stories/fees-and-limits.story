# What it costs, and how much goes to a new card: 1,000.00 in its first 24 hours.
customer  Lin   wallet 9,000.00   card ··1234

2026-03-05 10:00   Lin asks to withdraw 0.01 to ··1234       -> fee 0.10, held 0.11
2026-03-05 10:01   Lin asks to withdraw 1,234.50 to ··1234   -> fee 1.23, held 1,235.73
2026-03-05 10:02   Lin cancels                               -> cancelled, held 0.00
2026-03-05 10:05   Lin binds ··5678                          -> inbox card.bound
2026-03-05 10:06   Lin looks at withdrawing to ··5678        -> at most 1,000.00 because of new_card
2026-03-05 10:06   Lin looks at withdrawing to ··1234        -> at most 8,991.01 because of balance
2026-03-05 10:07   Lin asks to withdraw 1,000.01 to ··5678   -> refused withdrawal.over_limit, at most 1,000.00 because of new_card
2026-03-05 10:08   Lin asks to withdraw 700.00 to ··5678, redeems the code   -> payout ordered 700.00
2026-03-05 10:09   Lin asks to withdraw 400.00 to ··5678     -> refused withdrawal.over_limit, at most 300.00 because of new_card
2026-03-05 10:30   the bank rejects with AC04                -> rejected, wallet 9,000.00
2026-03-05 10:31   Lin looks at withdrawing to ··5678        -> at most 1,000.00 because of new_card
2026-03-06 10:05   Lin looks at withdrawing to ··5678        -> at most 8,991.01 because of balance
