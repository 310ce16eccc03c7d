# Two extensions in twelve months, as the product says; after that there are instalments.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-04-09 10:00   Lin asks for an extension of 3 days                -> request waiting
2026-04-09 11:00   the operator prepares to grant the request         -> request waiting
2026-04-09 12:00   the second operator agrees                         -> due 2026-04-13
2026-04-13 10:00   Lin asks for an extension of 14 days               -> request waiting
2026-04-13 11:00   the operator prepares to grant the request         -> request waiting
2026-04-13 12:00   the second operator agrees                         -> due 2026-04-27
2026-04-27 10:00   Lin asks for an extension of 1 days                -> refused hardship.extensions_used
2026-04-27 10:01   Lin asks for 6 instalments                         -> request waiting
2026-04-27 10:02   Lin takes the request back                         -> request withdrawn
