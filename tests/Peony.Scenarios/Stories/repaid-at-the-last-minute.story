# Paid in full in the last minute of the due day costs nothing; one minute later costs the interest from the posting day, and a fee.
customer  Lin    wallet 2,000.00   credit-line   card ··1234
customer  Wang   wallet 2,000.00   credit-line   card ··5678

2026-03-05 10:00   Lin buys books for 1,000.00, Wang buys books for 1,000.00   -> Lin unbilled 1,000.00, Wang unbilled 1,000.00
2026-04-10 23:59   Lin repays 1,000.00 from the wallet                         -> payable 0.00
2026-04-11 00:01   Wang repays 1,000.00 from the wallet                        -> payable 0.00, charges 5.00, overdue 0.00
2026-05-02 00:05   nothing happens                                             -> Lin payable 0.00, Wang payable 23.50, Wang interest 18.50
