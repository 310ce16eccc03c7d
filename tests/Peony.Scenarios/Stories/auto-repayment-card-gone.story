# The card of the automatic repayment was unbound meanwhile: it is switched off, and the owner is told in time.
customer  Lin   wallet 2,000.00   credit-line   card ··1234   card ··5678

2026-03-05 10:00   Lin switches automatic repayment on for ··5678, buys books for 400.00   -> owed 400.00
2026-03-06 10:00   Lin unbinds ··5678                                                      -> owed 400.00
2026-04-10 06:05   nothing happens                                                         -> payable 400.00, inbox credit.auto_repayment_off
