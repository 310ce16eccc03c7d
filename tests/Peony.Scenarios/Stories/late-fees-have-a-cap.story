# A late fee is a share of what is missing, and at most 50 yuan.
customer  Lin   wallet 5,000.00   credit-line   card ··1234   verified enhanced

2026-03-05 10:00   Lin buys books for 3,300.00 in 3 instalments      -> owed 3,300.00
2026-04-02 00:05   nothing happens                                   -> payable 1,125.30, minimum 1,125.30, charges 25.30
2026-04-11 00:05   nothing happens                                   -> overdue 1,125.30, charges 75.30
