# A customer's own spending cap: it counts what was bought in the cycle, holds at once when lowered, and is raised from the next cycle on.
customer  Lin   wallet 500.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 200.00                              -> owed 200.00
2026-03-05 10:01   Lin sets a spending cap of 500.00                      -> owed 200.00
2026-03-05 10:02   Lin buys books for 300.01                              -> refused credit.cap_reached, left 300.00
2026-03-05 10:03   Lin buys books for 300.00                              -> owed 500.00
2026-03-05 10:04   Lin sets a spending cap of 900.00                      -> refused credit.cap_needs_pin
2026-03-05 10:05   Lin sets a spending cap of 900.00 with the PIN         -> owed 500.00
2026-03-05 10:06   Lin buys books for 0.01                                -> refused credit.cap_reached, left 0.00
2026-04-01 23:50   Lin buys books for 0.01                                -> refused credit.cap_reached
2026-04-02 10:00   Lin buys books for 900.00                              -> owed 1,400.00
2026-04-02 10:01   Lin buys books for 0.01                                -> refused credit.cap_reached
2026-04-02 10:02   Lin takes the spending cap away                        -> owed 1,400.00
2026-04-02 10:03   Lin buys books for 0.01                                -> refused credit.cap_reached
2026-05-02 10:00   Lin repays 500.00 from the wallet                      -> owed 900.00
