# Automatic repayment: the bank does not collect. The customer is told, is overdue the next day, and the next collection pays it all.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                      -> unbilled 1,000.00
2026-03-06 10:00   Lin switches automatic repayment on for ··1234   -> unbilled 1,000.00
2026-04-10 07:00   nothing happens                                  -> payable 1,000.00
2026-04-10 08:00   the bank rejects with AM04                       -> payable 1,000.00, inbox repayment.failed
2026-04-11 00:05   nothing happens                                  -> overdue 100.00, charges 5.00, inbox credit.payment_missed
2026-05-10 07:00   nothing happens                                  -> payable 1,034.32
2026-05-10 08:00   the bank settles                                 -> payable 0.00, owed 0.00, overdue 0.00
