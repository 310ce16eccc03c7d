# A repayment ordered on the due day reaches the line four days later: it counts from the day it was ordered, and neither interest nor fee is left of the days between.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00               -> unbilled 1,000.00
2026-04-10 22:00   Lin repays 1,000.00 from ··1234           -> payable 1,000.00
2026-04-11 00:05   nothing happens                           -> overdue 100.00, charges 5.00
2026-04-14 09:00   the bank settles                          -> payable 0.00, overdue 0.00, charges 0.00, owed 0.00, interest earned 0.00
2026-05-02 00:05   nothing happens                           -> payable 0.00, interest 0.00, charges 0.00
