using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

/// <summary>Gives a customer a role at the merchant. Whoever has one keeps it: roles are changed by name.</summary>
/// <param name="Name">1 to 64 characters.</param>
internal sealed record AddStaff(SellerProof By, CustomerId Customer, string Name, StaffRole Role) : ICommand<StaffId>
{
    private const int NameMost = 64;
    private const int StaffMost = 500;

    public Result<StaffId> Handle(IWork work)
    {
        if (new AuthenticateSeller(By, IsForSelling: false).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (Name.Trim() is not { Length: > 0 and <= NameMost } name || name.Any(char.IsControl))
        {
            return StaffRefusals.NameInvalid.With("most", NameMost);
        }

        if (new LookUpCustomer(Customer).Handle(work).IsRefused(out _, out var person) || person.IsErased)
        {
            return StaffRefusals.Unknown;
        }

        if (work.FindOne<StaffMember>(MerchantsModule.BySeat, StaffMember.SeatOf(seller.Merchant, Customer)) is not null)
        {
            return StaffRefusals.Already;
        }

        if (work.FindBy<StaffMember>(MerchantsModule.ByMerchant, seller.Merchant.Value).Count(member => member.Until is null) >= StaffMost)
        {
            return StaffRefusals.TooMany.With("most", StaffMost);
        }

        var added = new StaffMember(work.NewId<StaffId>(), seller.Merchant, Customer, name, Role, work.Now);
        work.Save(added);
        return added.Id;
    }
}

/// <summary>Changes somebody's role, or ends their work for the merchant.</summary>
/// <param name="Role">Null when they leave.</param>
internal sealed record ChangeStaff(SellerProof By, StaffId Member, StaffRole? Role) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateSeller(By, IsForSelling: false).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (work.Find<StaffMember>(Member.Value) is not { Until: null } member || member.Merchant != seller.Merchant)
        {
            return StaffRefusals.NotFound;
        }

        if (member.Role == StaffRole.Owner && Role != StaffRole.Owner
            && !work.FindBy<StaffMember>(MerchantsModule.ByMerchant, seller.Merchant.Value).Any(other => other is { Until: null, Role: StaffRole.Owner } && other.Id != member.Id))
        {
            return StaffRefusals.LastOwner;
        }

        work.Save(Role is { } role ? member with { Role = role } : member with { Until = work.Now });
        return new Done();
    }
}
