# Money comes into the wallet when the bank has collected it, and not before.
customer  Lin   card ··1234

2026-03-05 10:00   Lin tops up 300.00 from ··1234          -> wallet 0.00
2026-03-05 10:05   the bank settles                        -> wallet 300.00, inbox top_up.settled
2026-03-05 10:10   Lin tops up 200.00 from ··1234          -> wallet 300.00
2026-03-05 10:15   the bank rejects with AM04              -> wallet 300.00, inbox top_up.failed
2026-03-05 10:20   Lin tops up 0.00 from ··1234            -> refused wallet.amount_invalid
2026-03-05 10:21   Lin asks to withdraw 299.70 to ··1234, redeems the code, the bank settles   -> paid 299.70, wallet 0.00
