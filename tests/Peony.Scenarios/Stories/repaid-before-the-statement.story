# Repaid early, before any statement asks for it: the statement asks for the rest.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 500.00                -> owed 500.00
2026-03-20 10:00   Lin repays 200.00 from the wallet        -> owed 300.00, unbilled 300.00
2026-04-02 00:05   nothing happens                          -> payable 300.00, minimum 30.00
2026-04-10 10:00   Lin repays 300.00 from the wallet        -> payable 0.00
2026-05-02 00:05   nothing happens                          -> payable 0.00, interest 0.00
