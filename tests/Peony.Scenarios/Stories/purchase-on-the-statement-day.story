# A purchase on the statement day is on that statement; one after midnight is on the next.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-04-01 23:59   Lin buys books for 100.00       -> unbilled 100.00
2026-04-02 00:01   Lin buys books for 200.00       -> payable 100.00, unbilled 200.00
2026-04-10 10:00   Lin repays 100.00 from the wallet   -> payable 0.00
2026-05-02 00:05   nothing happens                 -> payable 200.00, interest 0.00
