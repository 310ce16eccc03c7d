using System.Globalization;
using Peony.Book;

namespace Peony.Customers;

/// <summary>
/// Checks the payment PIN. Five wrong tries in a row lock it for half an hour of Book time. The count survives the refusal, whichever slice called this one,
/// as long as that slice refuses too.
/// </summary>
internal sealed record CheckPin(CustomerId Customer, PinProof Proof) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var pin = work.Find<PaymentPin>(Customer.Value);
        if (pin is null)
        {
            return CustomersRefusals.PinNotSet;
        }

        if (pin.IsLockedAt(work.Now))
        {
            return Locked(pin);
        }

        // A dry run counts nothing, so it compares nothing: it would tell right from wrong for ever.
        if (!work.IsDryRun && !pin.Matches(Proof))
        {
            var after = pin.AfterWrongTry(work.Now);
            if (after.LockedUntil is null)
            {
                work.KeepOnRefusal(after);
                return CustomersRefusals.PinWrong.With("left", PaymentPin.MostTries - after.WrongTries);
            }

            work.OnRefusal(kept =>
            {
                kept.Save(after);
                kept.Tell(new PinLocked(Customer, after.LockedUntil.Value));
            });
            return Locked(after);
        }

        if (pin.WrongTries > 0)
        {
            work.Save(pin.AfterRightTry());
        }

        return new Done();
    }

    internal static Refusal Locked(PaymentPin pin) =>
        CustomersRefusals.PinLocked.With("until", pin.LockedUntil!.Value.ToString("O", CultureInfo.InvariantCulture));
}
