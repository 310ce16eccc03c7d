# Two operators fill the fund; one pays from it, line by line, until it is short.
customer  Lin    wallet 100.00   card ··1234
customer  Wang   wallet 50.00    card ··5678
customer  Chen

2026-03-05 09:00   the operator pays Lin 10.00                                       -> line 1 fund_short, disbursed 0.00, fund 0.00, Lin wallet 100.00
2026-03-05 09:10   the operator prepares a funding of 1,000.00                       -> fund 0.00
2026-03-05 09:11   the same operator approves the funding                            -> refused operator.own_work, fund 0.00
2026-03-05 09:12   the same operator rejects the funding                             -> refused operator.own_work
2026-03-05 09:20   the second operator approves the funding                          -> fund 1,000.00
2026-03-05 09:21   the second operator approves the funding                          -> refused disbursement.funding_decided, fund 1,000.00
2026-03-05 10:00   the operator pays Lin 400.00 and Chen 1.00 and Wang 700.00 and Lin 100.00   -> line 2 wallet_not_open, line 3 fund_short, disbursed 500.00, fund 500.00, Lin wallet 600.00, Wang wallet 50.00
2026-03-05 10:05   the operator pays Wang 500.00                                     -> disbursed 500.00, fund 0.00, Wang wallet 550.00
2026-03-05 10:30   the operator prepares a funding of 2,000.00                       -> fund 0.00
2026-03-05 10:31   the second operator rejects the funding                           -> fund 0.00
2026-03-05 10:32   the second operator approves the funding                          -> refused disbursement.funding_decided, fund 0.00
2026-03-05 11:00   Lin asks to withdraw 599.00 to ··1234                             -> code sent
2026-03-05 11:01   Lin redeems the code                                              -> payout ordered 599.00
