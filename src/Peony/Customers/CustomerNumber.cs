using System.Globalization;
using Peony.Book;

namespace Peony.Customers;

/// <summary>
/// The number by which merchants know a customer (用户号): 16 digits, 2088 and then a digit up to 6, as Alipay's user ids look. It is drawn at the first payment, says nothing of the person, and
/// stays when they are erased. Merchants' numbers go on from 7.
/// </summary>
internal sealed record CustomerNumber(CustomerId Customer, string Number) : IRecord
{
    private const string Prefix = "2088";
    private const ulong Most = 700_000_000_000;

    public string Key => Customer.Value;

    /// <summary>A number drawn by chance that nobody has.</summary>
    public static string Draw(IWork work)
    {
        string number;
        do
        {
            number = Prefix + (BitConverter.ToUInt64(work.Nonce(sizeof(ulong))) % Most).ToString("D12", CultureInfo.InvariantCulture);
        }
        while (work.FindOne<CustomerNumber>(CustomersModule.ByNumber, number) is not null);

        return number;
    }
}

/// <summary>The customer's number; drawn when nobody has asked for it before.</summary>
internal sealed record NumberOfCustomer(CustomerId Customer) : ICommand<string>
{
    public Result<string> Handle(IWork work)
    {
        if (work.Find<CustomerNumber>(Customer.Value) is { } kept)
        {
            return kept.Number;
        }

        var drawn = new CustomerNumber(Customer, CustomerNumber.Draw(work));
        work.Save(drawn);
        return drawn.Number;
    }
}

/// <summary>Whose number it is.</summary>
internal sealed record CustomerOfNumber(string Number) : ICommand<CustomerId>
{
    public Result<CustomerId> Handle(IWork work) => work.FindOne<CustomerNumber>(CustomersModule.ByNumber, Number) is { } kept ? kept.Customer : CustomersRefusals.NotFound;
}
