# The shop pays the fee of the instalments: the buyer pays the price and no more, in three parts.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys a bicycle for 900.00 in 3 instalments   -> owed 900.00, shops 879.30
2026-04-02 00:05   nothing happens                                  -> payable 300.00, charges 0.00
2026-04-10 10:00   Lin repays 300.00 from the wallet                -> payable 0.00, owed 600.00
2026-05-02 00:05   nothing happens                                  -> payable 300.00, charges 0.00
2026-05-03 10:00   Lin pays off the instalments                     -> owed 300.00, wallet 1,400.00
