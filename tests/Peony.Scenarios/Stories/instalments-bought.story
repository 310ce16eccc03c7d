# A purchase in three instalments: 2.3 % of 900.00 are 20.70, 6.90 with each part; paying the last one off early saves its fee.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 99.99 in 3 instalments         -> refused credit.instalments_not_offered
2026-03-05 10:01   Lin buys books for 900.00 in 3 instalments        -> owed 900.00, unbilled 0.00
2026-04-02 00:05   nothing happens                                   -> payable 306.90, minimum 306.90, charges 6.90
2026-04-05 10:00   Lin repays 306.90 from the wallet                 -> payable 0.00, owed 600.00, charges 0.00
2026-05-02 00:05   nothing happens                                   -> payable 306.90, owed 600.00
2026-05-03 10:00   Lin pays off the instalments                      -> owed 300.00, wallet 1,393.10, payable 306.90
2026-05-04 10:00   Lin repays 306.90 from the wallet                 -> owed 0.00, charges 0.00
2026-06-02 00:05   nothing happens                                   -> payable 0.00, interest 0.00, interest earned 0.00
