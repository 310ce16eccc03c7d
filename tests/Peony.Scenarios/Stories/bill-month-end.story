# The last day of January to the last of February in a leap year: each day counts once.
# 900.00 x 11 days (31 January to 10 February) = 4.95, then x 20 days to 1 March = 9.00.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2028-01-31 10:00   Lin buys books for 1,000.00               -> unbilled 1,000.00
2028-02-02 00:05   nothing happens                           -> payable 1,000.00, minimum 100.00
2028-02-10 10:00   Lin repays 100.00 from the wallet         -> payable 900.00
2028-02-29 10:00   Lin buys books for 100.00                 -> unbilled 100.00
2028-03-02 00:05   nothing happens                           -> interest 13.95, payable 1,013.95
