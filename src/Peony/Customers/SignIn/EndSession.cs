using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>Ends one of the customer's sessions: the asking one (sign out) or another from the list. Ending an ended one changes nothing.</summary>
internal sealed record EndSession(SessionId Asking, SessionId Session) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Asking).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var session = work.Find<CustomerSession>(Session.Value);
        if (session?.Customer != caller!.Customer)
        {
            return CustomersRefusals.SessionNotFound;
        }

        if (session.IsLive)
        {
            work.Save(session.Close(Session == Asking ? SessionEnd.SignedOut : SessionEnd.EndedFromList, work.Now));
        }

        return new Done();
    }
}

internal sealed record SessionsEnded(int Count);

/// <summary>Ends all of the customer's sessions but the asking one.</summary>
internal sealed record EndOtherSessions(SessionId Asking) : ICommand<SessionsEnded>
{
    public Result<SessionsEnded> Handle(IWork work)
    {
        if (new Authenticate(Asking).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        return new SessionsEnded(Sessions.End(work, caller!.Customer, SessionEnd.EndedFromList, session => session.Id != Asking));
    }
}

/// <summary>Takes a device off the list and ends the sessions on it. The asking device ends its sessions by signing out.</summary>
internal sealed record RemoveDevice(SessionId Asking, DeviceId Device) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Asking).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var device = work.Find<Device>(Device.Value);
        if (device?.Customer != caller!.Customer)
        {
            return CustomersRefusals.DeviceNotFound;
        }

        if (device.Id == caller.Device)
        {
            return CustomersRefusals.DeviceInUse;
        }

        if (device.RemovedAt is null)
        {
            work.Save(device with { RemovedAt = work.Now });
            Sessions.End(work, caller.Customer, SessionEnd.DeviceRemoved, session => session.Device == device.Id);
        }

        return new Done();
    }
}

internal static class Sessions
{
    /// <summary>Ends the customer's live sessions that the choice takes, and says how many.</summary>
    public static int End(IWork work, CustomerId customer, SessionEnd why, Func<CustomerSession, bool> choice)
    {
        var count = 0;
        foreach (var session in work.FindBy<CustomerSession>(ByLiveCustomer, customer.Value).Where(choice))
        {
            work.Save(session.Close(why, work.Now));
            count++;
        }

        return count;
    }

    /// <summary>The index of live sessions: short, because ended ones leave it.</summary>
    public const string ByLiveCustomer = "live_customer";
}
