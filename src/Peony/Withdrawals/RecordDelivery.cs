using Peony.Book;

namespace Peony.Withdrawals;

/// <summary>A code came a step further on its way. News of a code that is dead, or older than what is known, changes nothing.</summary>
internal sealed record RecordDelivery(WithdrawalId Id, int CodeNumber, CodeDelivery Delivery) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        var marked = withdrawal.Deliver(CodeNumber, Delivery, work.Now);
        if (marked != withdrawal)
        {
            work.Save(marked);
            work.Tell(marked.Changed());
        }

        return new Done();
    }
}
