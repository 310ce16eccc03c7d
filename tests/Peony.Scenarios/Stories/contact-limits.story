# Contacts to collect: only when something is overdue, at the hours and as often as the rules say, and none while a request waits or more time was granted.
customer  Lin   wallet 2,000.00   credit-line   card ··1234

2026-03-05 10:00   Lin buys books for 1,000.00                        -> unbilled 1,000.00
2026-04-09 10:00   the operator contacts Lin by phone                 -> refused collection.nothing_overdue, contacts 0
2026-04-11 07:59   the operator contacts Lin by phone                 -> refused collection.outside_hours, next contact 2026-04-11 08:00
2026-04-11 08:00   the operator contacts Lin by phone                 -> contacts 1
2026-04-11 08:01   the operator contacts Lin by phone                 -> refused collection.too_often, next contact 2026-04-12 08:00
2026-04-11 19:59   the operator contacts Lin by SMS                   -> contacts 2, inbox collection.reminder, text collection.reminder
2026-04-11 20:00   the operator contacts Lin by letter                -> refused collection.too_often, next contact 2026-04-12 08:00
2026-04-12 20:00   the operator contacts Lin by letter                -> refused collection.outside_hours, next contact 2026-04-13 08:00
2026-04-13 10:00   the operator contacts Lin by phone                 -> contacts 3
2026-04-14 10:00   the operator contacts Lin by phone                 -> contacts 4
2026-04-15 10:00   the operator contacts Lin by phone                 -> refused collection.too_often, next contact 2026-04-18 08:00
2026-04-15 10:01   the operator contacts Lin by letter                -> contacts 5
2026-04-16 10:00   the operator contacts Lin by SMS                   -> refused collection.too_often, next contact 2026-04-18 08:00
2026-04-18 09:00   Lin asks for an extension of 10 days               -> request waiting
2026-04-18 10:00   the operator contacts Lin by phone                 -> refused collection.request_open, next contact 2026-04-23 09:00
2026-04-18 10:01   Lin takes the request back                         -> request withdrawn
2026-04-18 10:02   the operator contacts Lin by phone                 -> contacts 6
2026-04-19 09:00   Lin asks for an extension of 10 days               -> request waiting
2026-04-19 10:00   the operator prepares to grant the request         -> request waiting
2026-04-19 11:00   the second operator agrees                         -> due 2026-04-20, overdue 0.00
2026-04-21 10:00   the operator contacts Lin by SMS                   -> contacts 7, overdue 100.00
2026-04-21 10:01   Lin repays 100.00 from the wallet                  -> overdue 0.00
2026-04-22 10:00   the operator contacts Lin by SMS                   -> refused collection.nothing_overdue
