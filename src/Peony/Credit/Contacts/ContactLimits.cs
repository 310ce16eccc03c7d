namespace Peony.Credit;

/// <summary>What keeps a contact from being made at a moment.</summary>
internal enum ContactBound
{
    Hours = 1,
    TooMany,
}

/// <summary>
/// Hours of the day, and how many contacts of a day and of a week (a business day and the six before it), by channel and by all together; days and hours are the product's time zone's. Pure.
/// </summary>
/// <param name="made">Contacts made, in any order; those of the last seven business days matter.</param>
internal sealed class ContactLimits(ContactRules rules, CreditProduct product, IReadOnlyList<(ContactChannel Channel, DateTimeOffset At)> made)
{
    /// <summary>The days that count together for the limit of a week.</summary>
    public const int DaysOfWeek = 7;

    /// <summary>What keeps a contact from being made at a moment; null when nothing does.</summary>
    public ContactBound? BoundOf(ContactChannel channel, DateTimeOffset at)
    {
        var day = product.DayOf(at);
        if (IsFull(channel, day))
        {
            return ContactBound.TooMany;
        }

        var hour = product.TimeOf(at).Hour;
        return hour >= rules.From && hour < rules.To ? null : ContactBound.Hours;
    }

    /// <summary>The first moment from one on at which a contact may be made; null when the rules never allow one.</summary>
    public DateTimeOffset? Next(ContactChannel channel, DateTimeOffset from)
    {
        if (BoundOf(channel, from) is null)
        {
            return from;
        }

        // Within a week all that was made has left the windows; nothing but an hour to come can be freer than a later day.
        var today = product.DayOf(from);
        for (var days = 0; days <= DaysOfWeek; days++)
        {
            var opens = product.At(today.AddDays(days), new TimeOnly(rules.From, 0));
            if (opens > from && BoundOf(channel, opens) is null)
            {
                return opens;
            }
        }

        return null;
    }

    private bool IsFull(ContactChannel channel, DateOnly day)
    {
        var (today, week, ofDay, ofWeek) = (0, 0, 0, 0);
        foreach (var contact in made)
        {
            var daysBefore = day.DayNumber - product.DayOf(contact.At).DayNumber;
            var isSame = contact.Channel == channel;
            if (daysBefore is >= 0 and < DaysOfWeek)
            {
                week++;
                ofWeek += isSame ? 1 : 0;
            }

            if (daysBefore == 0)
            {
                today++;
                ofDay += isSame ? 1 : 0;
            }
        }

        var own = rules.Of(channel);
        return today >= rules.MostOfDay || week >= rules.MostOfWeek || ofDay >= own.MostOfDay || ofWeek >= own.MostOfWeek;
    }
}
