using Peony.Book;
using Peony.Customers.SignIn;

namespace Peony.Operators;

internal sealed record Invited(InvitationId Id, DateTimeOffset ExpiresAt);

/// <summary>Makes the link of the first operator, an administrator. Only as long as there is none; a newer link takes the place of an older one.</summary>
internal sealed record InviteFirstOperator(string TokenHash) : ICommand<Invited>
{
    public Result<Invited> Handle(IWork work)
    {
        if (work.FindBy<Operator>("role", OperatorsModule.TextOf(OperatorRole.Admin)).Any(person => person.IsActive))
        {
            return OperatorsRefusals.AlreadyInstalled;
        }

        foreach (var older in work.FindBy<Invitation>("open", "yes").Where(one => one.InvitedBy is null))
        {
            work.Save(older with { UsedAt = work.Now });
        }

        var invitation = new Invitation(work.NewId<InvitationId>(), TokenHash, null, OperatorRole.Admin, null, work.Now + Invitation.Life);
        work.Save(invitation);
        return new Invited(invitation.Id, invitation.ExpiresAt);
    }
}

/// <summary>An administrator invites somebody by a one-time link.</summary>
internal sealed record InviteOperator(OperatorSessionId Session, string TokenHash, string Name, OperatorRole Role) : ICommand<Invited>
{
    public Result<Invited> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Admin).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.FindOne<Operator>("name", OperatorNames.Plain(Name)) is not null)
        {
            return OperatorsRefusals.NameInUse;
        }

        var invitation = new Invitation(work.NewId<InvitationId>(), TokenHash, Name, Role, caller.Operator, work.Now + Invitation.Life);
        work.Save(invitation);
        return new Invited(invitation.Id, invitation.ExpiresAt);
    }
}

internal sealed record OperatorSignedIn(OperatorId Operator, OperatorSessionId Session, string Name, OperatorRole Role);

/// <summary>Uses an invitation: somebody who showed a credential just now becomes an operator and is signed in. The link is spent.</summary>
internal sealed record EnrolOperator(OperatorId Id, string TokenHash, string Name, SignInProof Proof) : ICommand<OperatorSignedIn>
{
    public Result<OperatorSignedIn> Handle(IWork work)
    {
        var invitation = work.FindOne<Invitation>("token", TokenHash);
        if (invitation is null || !invitation.IsGoodAt(work.Now))
        {
            return OperatorsRefusals.InvitationNotGood;
        }

        var name = invitation.Name ?? Name;
        if (work.FindOne<Operator>("name", OperatorNames.Plain(name)) is not null)
        {
            return OperatorsRefusals.NameInUse;
        }

        var person = new Operator(Id, name, invitation.Role, work.Now);
        work.Save(person);
        work.Save(invitation with { UsedAt = work.Now });
        return OperatorSessions.Start(work, person, Proof);
    }
}

/// <summary>Starts a session of an operator who showed a passkey or password.</summary>
internal sealed record StartOperatorSession(OperatorId Operator, SignInProof Proof) : ICommand<OperatorSignedIn>
{
    public Result<OperatorSignedIn> Handle(IWork work) =>
        work.Find<Operator>(Operator.Value) is { IsActive: true } person ? OperatorSessions.Start(work, person, Proof) : OperatorsRefusals.SessionEnded;
}

internal sealed record EndOperatorSession(OperatorSessionId Session) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.Find<OperatorSession>(Session.Value) is { EndedAt: null } session)
        {
            work.Save(session with { EndedAt = work.Now });
        }

        return new Done();
    }
}

/// <summary>Disables an operator at once; their sessions end with the next request. The last administrator stays.</summary>
internal sealed record DisableOperator(OperatorSessionId Session, OperatorId Operator) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Admin).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        var person = work.Find<Operator>(Operator.Value);
        if (person is null)
        {
            return OperatorsRefusals.NotFound;
        }

        var isLastAdmin = person.Role == OperatorRole.Admin
            && !work.FindBy<Operator>("role", OperatorsModule.TextOf(OperatorRole.Admin)).Any(one => one.IsActive && one.Id != person.Id);
        if (isLastAdmin)
        {
            return OperatorsRefusals.LastAdmin;
        }

        if (person.IsActive)
        {
            work.Save(person with { DisabledAt = work.Now });
        }

        return new Done();
    }
}

internal static class OperatorSessions
{
    public static OperatorSignedIn Start(IWork work, Operator person, SignInProof proof)
    {
        var session = new OperatorSession(work.NewId<OperatorSessionId>(), person.Id, proof.Method, work.Now);
        work.Save(session);
        return new OperatorSignedIn(person.Id, session.Id, person.Name, person.Role);
    }
}

internal static class OperatorNames
{
    public const int Longest = 40;

    /// <summary>The form in which names are one or different.</summary>
    public static string Plain(string name) => Identifiers.Text.Normalise(name).ToUpperInvariant();
}
