# An instalment that is not paid by its due day bears interest from the day it was billed, and costs a late fee as any minimum.
# 300.00 x 10 days (1 to 10 April) = 1.50, x 21 days to 1 May = 3.15; late interest on 306.90, but at most on the principal of 300.00: 0.045 x 21 = 0.945; 5.595 in all.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments        -> owed 900.00
2026-04-02 00:05   nothing happens                                   -> payable 306.90, minimum 306.90
2026-04-11 00:05   nothing happens                                   -> overdue 306.90, 1 days overdue, charges 22.25
2026-05-02 00:05   nothing happens                                   -> interest 5.60, payable 634.75, owed 900.00
2026-05-02 10:00   Lin repays 634.75 from the wallet                 -> overdue 0.00, payable 0.00, owed 300.00
