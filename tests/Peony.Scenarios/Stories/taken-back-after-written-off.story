# A repayment that kept a line from being written off is taken back by the bank after that day: the line is written off, on the day it would have been.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                -> unbilled 1,000.00
2026-08-05 10:00   Lin repays 500.00 from ··1234              -> 117 days overdue
2026-08-05 11:00   the bank settles                           -> written off 0.00
2026-08-12 10:00   the bank takes the repayment back          -> owed 0.00, interest 0.00, charges 0.00, payable 0.00
2026-08-12 10:05   Lin buys books for 10.00                   -> refused credit.line_stopped
