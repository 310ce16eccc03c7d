# Its owner closes a settled line; statements stay, nothing runs any more, and a new application opens it again.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 400.00                              -> owed 400.00
2026-03-05 10:01   Lin switches automatic repayment on for ··1234
2026-03-05 10:02   Lin closes the credit line                             -> refused credit.close_owing, line open
2026-04-02 10:00   Lin repays 400.00 from the wallet                      -> owed 0.00
2026-04-02 10:01   Lin closes the credit line                             -> line closed, credit limit 0.00, inbox credit.line_closed
2026-04-02 10:03   Lin buys books for 1.00                                -> refused credit.line_not_open
2026-04-02 10:04   Lin repays 1.00 from the wallet                        -> refused credit.line_not_open
2026-04-02 10:05   Lin closes the credit line                             -> refused credit.line_not_open
2026-06-20 10:00   Lin opens a credit line with ··1234                    -> line open, available 5,000.00
2026-06-20 10:01   Lin buys books for 100.00                              -> owed 100.00
2026-07-02 10:00   nothing happens                                        -> Lin payable 100.00
2026-07-10 10:00   Lin repays 100.00 from the wallet                      -> owed 0.00, payable 0.00
