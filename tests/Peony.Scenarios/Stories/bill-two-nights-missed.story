# Two nights nobody closed: the days are caught up one by one, and a repayment that comes first closes them itself.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-31 10:00   Lin buys books for 300.00                 -> unbilled 300.00
2026-04-03 09:00   Lin buys books for 50.00                  -> payable 300.00, unbilled 50.00
2026-04-03 09:01   Lin repays 350.00 from the wallet         -> payable 0.00, unbilled 0.00, owed 0.00
2026-05-02 00:05   nothing happens                           -> payable 0.00, interest 0.00
