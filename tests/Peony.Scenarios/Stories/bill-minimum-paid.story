# Only the minimum is paid: what is left bears 0.05 % a day from the day of the purchase on, and nothing else.
# 900.00 x 37 days (5 March to 10 April) = 16.65, then x 21 days to 1 May = 9.45.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00               -> unbilled 1,000.00
2026-04-02 00:05   nothing happens                           -> payable 1,000.00, minimum 100.00
2026-04-10 10:00   Lin repays 100.00 from the wallet         -> payable 900.00, minimum 0.00
2026-04-11 00:05   nothing happens                           -> payable 900.00, interest 0.00, charges 0.00, overdue 0.00
2026-05-02 00:05   nothing happens                           -> interest 26.10, payable 926.10, minimum 116.10, charges 0.00
2026-05-03 10:00   Lin repays 926.10 from the wallet         -> payable 0.00, interest 0.00, owed 0.00, interest earned 26.10
2026-06-02 00:05   nothing happens                           -> interest 0.45, payable 0.45, minimum 0.45
