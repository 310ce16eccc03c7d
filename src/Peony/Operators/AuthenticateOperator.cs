using Peony.Book;

namespace Peony.Operators;

/// <summary>Says which operator a session belongs to, or refuses because it has ended, the operator was disabled, or the role does not reach.</summary>
internal sealed record AuthenticateOperator(OperatorSessionId Session, OperatorRole Needs = OperatorRole.Support) : ICommand<OperatorCaller>
{
    public Result<OperatorCaller> Handle(IWork work)
    {
        var session = work.Find<OperatorSession>(Session.Value);
        if (session is null || session.EndedAt is not null)
        {
            return OperatorsRefusals.SessionEnded;
        }

        var person = work.Get<Operator>(session.Operator.Value);
        if (!person.IsActive)
        {
            return OperatorsRefusals.SessionEnded;
        }

        return person.Role >= Needs ? new OperatorCaller(person.Id, session.Id, person.Name, person.Role) : OperatorsRefusals.RoleTooLow;
    }
}

/// <summary>Notes that an operator is about to see personal data. Whoever shows them runs this first and shows nothing when it is refused.</summary>
internal sealed record RecordDataView(OperatorSessionId Session, string Customer, string What, string Reason) : ICommand<OperatorCaller>
{
    public Result<OperatorCaller> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (string.IsNullOrWhiteSpace(Reason))
        {
            return OperatorsRefusals.ReasonNeeded;
        }

        work.Save(new DataView(work.NewId<DataViewId>(), caller.Operator, Customer, What, Reason, work.Now));
        return caller;
    }
}
