# The bank settles a repayment after the next statement was cut: the statement is corrected. The due day had been missed before it was ordered, so that fee stands.
# 1,000.00 x 37 days to the due day = 18.50, x 19 days to 29 April = 9.50, 400.00 x 2 days = 0.40; late interest on 100.00 x 19 days = 0.285; 28.685 in all.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                -> unbilled 1,000.00
2026-04-30 10:00   Lin repays 600.00 from ··1234              -> overdue 100.00, charges 5.00
2026-05-02 00:05   nothing happens                            -> payable 1,034.32, interest 29.32
2026-05-03 10:00   the bank settles                           -> payable 433.69, interest 28.69, charges 5.00, overdue 0.00
