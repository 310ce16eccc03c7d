# A repayment that the bank takes back in the same month, before any statement: nothing is left of it.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 400.00                  -> owed 400.00
2026-03-06 10:00   Lin repays 150.00 from ··1234              -> owed 400.00
2026-03-06 11:00   the bank settles                           -> owed 250.00, unbilled 250.00
2026-03-08 10:00   the bank takes the repayment back          -> owed 400.00, unbilled 400.00, inbox repayment.returned
2026-04-02 00:05   nothing happens                            -> payable 400.00, minimum 40.00
