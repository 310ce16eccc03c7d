using System.Text.Json;

namespace Peony.Payouts;

/// <summary>How patiently we ask the bank, as data in <c>payout-rules.json</c>.</summary>
/// <param name="EnquirySeconds">Pauses between enquiries while an order is open; the last one repeats.</param>
/// <param name="DelayedAfterEnquiries">After so many enquiries without a step forward the payout counts as delayed and its owner is told.</param>
/// <param name="ReturnWatchDays">Days after settlement on which the bank is asked once more, in case its report of a return was lost.</param>
internal sealed record PayoutRules(IReadOnlyList<int> EnquirySeconds, int DelayedAfterEnquiries, IReadOnlyList<int> ReturnWatchDays)
{
    /// <summary>The rules that come with the program.</summary>
    public static PayoutRules Default { get; } = Load();

    /// <summary>How long to wait after so many enquiries.</summary>
    public TimeSpan EnquiryAfter(int enquiries) => TimeSpan.FromSeconds(EnquirySeconds[Math.Min(enquiries, EnquirySeconds.Count - 1)]);

    /// <summary>When a settled payout is asked for again, or null when it has been asked for often enough.</summary>
    public DateTimeOffset? WatchAt(DateTimeOffset settledAt, int enquiries) => enquiries < ReturnWatchDays.Count ? settledAt.AddDays(ReturnWatchDays[enquiries]) : null;

    private static PayoutRules Load()
    {
        using var stream = typeof(PayoutRules).Assembly.GetManifestResourceStream("Peony.Payouts.payout-rules.json")
            ?? throw new InvalidOperationException("payout-rules.json is not embedded.");
        return JsonSerializer.Deserialize<PayoutRules>(stream, JsonSerializerOptions.Web)!;
    }
}
