# Credit balance is the customer's own money: all of it goes to the card, without a fee.
customer  Lin   wallet 50.00   credit-balance 800.00   card ··1234

2026-03-05 10:00   Lin looks at withdrawing to ··1234 from the credit balance         -> at most 800.00 because of balance
2026-03-05 10:01   Lin asks to withdraw 800.00 to ··1234 from the credit balance      -> code sent, fee 0.00, held 800.00
2026-03-05 10:02   Lin redeems the code                                               -> payout ordered 800.00, credit balance 0.00, wallet 50.00
2026-03-05 11:00   the bank settles                                                   -> paid, credit balance 0.00, fees earned 0.00
2026-03-06 09:00   the bank returns the payout with AC06                              -> returned, credit balance 800.00, wallet 50.00, inbox withdrawal.returned
