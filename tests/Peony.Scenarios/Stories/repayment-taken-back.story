# The bank takes a repayment back after the next statement: the bill, the interest and the late fee are as if it had never been made.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00               -> unbilled 1,000.00
2026-04-05 10:00   Lin repays 1,000.00 from ··1234           -> payable 1,000.00
2026-04-05 11:00   the bank settles                          -> payable 0.00, owed 0.00
2026-05-02 00:05   nothing happens                           -> payable 0.00, interest 0.00, charges 0.00
2026-05-03 10:00   the bank takes the repayment back         -> payable 1,034.32, minimum 193.44, interest 29.32, charges 5.00, overdue 100.00, 23 days overdue, inbox repayment.returned
2026-05-11 00:05   nothing happens                           -> overdue 193.44, 31 days overdue, charges 10.00
