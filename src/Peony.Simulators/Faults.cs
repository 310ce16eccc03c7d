using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace Peony.Simulators;

/// <summary>What goes wrong at the bank, for orders that come while it is switched on.</summary>
/// <param name="Down">Answers 503 to everything.</param>
/// <param name="TimeoutAfterAccept">Takes the order, then cuts the connection without an answer.</param>
/// <param name="TimeoutBeforeAccept">Cuts the connection before the order is read.</param>
/// <param name="Reject">Rejects at once with this ISO 20022 reason code.</param>
/// <param name="LateReject">Accepts, and rejects after this time.</param>
/// <param name="ReturnAfter">Settles, and returns the money of a payment, or takes that of a debit back, this time after settlement.</param>
/// <param name="SettleAfter">Settles after this time instead of the usual one.</param>
/// <param name="DuplicateAck">Sends every report twice.</param>
/// <param name="OutOfOrder">Sends the report before the newest one again, after it.</param>
/// <param name="NoReports">Sends no reports; only questions are answered.</param>
/// <param name="Reason">The reason code of late rejects and returns; AC04 (closed account) if none is given.</param>
internal sealed record BankFaults(
    bool Down = false,
    bool TimeoutAfterAccept = false,
    bool TimeoutBeforeAccept = false,
    string? Reject = null,
    TimeSpan? LateReject = null,
    TimeSpan? ReturnAfter = null,
    TimeSpan? SettleAfter = null,
    bool DuplicateAck = false,
    bool OutOfOrder = false,
    bool NoReports = false,
    string? Reason = null);

/// <summary>What goes wrong at the SMS carrier.</summary>
/// <param name="Down">Answers 503 to everything.</param>
/// <param name="NotDelivered">Accepts messages that then fail.</param>
/// <param name="DeliverAfter">Delivers after this time instead of at once.</param>
internal sealed record SmsFaults(bool Down = false, bool NotDelivered = false, TimeSpan? DeliverAfter = null);

/// <summary>What goes wrong at the mail server.</summary>
/// <param name="Down">Answers 421 to every connection.</param>
/// <param name="Refuse">Takes no mail at the moment (451).</param>
/// <param name="RefuseForGood">Knows no such mailbox (550).</param>
/// <param name="Drop">Takes the mail, then cuts the connection without an answer.</param>
/// <param name="AnswerAfterMilliseconds">How long every answer takes, by the wall clock.</param>
internal sealed record MailFaults(bool Down = false, bool Refuse = false, bool RefuseForGood = false, bool Drop = false, int AnswerAfterMilliseconds = 0);

/// <summary>What goes wrong at the identity bureau.</summary>
/// <param name="Down">Answers 503 to everything.</param>
/// <param name="Mismatches">A check that holds one of these names, ID numbers, card numbers or phones does not match.</param>
/// <param name="FaceFails">The face is not the one on the card.</param>
/// <param name="AnswerAfterMilliseconds">How long every answer takes, by the wall clock.</param>
internal sealed record BureauFaults(bool Down = false, IReadOnlyList<string>? Mismatches = null, bool FaceFails = false, int AnswerAfterMilliseconds = 0);

/// <summary>All faults that are switched on; a part that is not named in a request stays as it is, a part that is named is replaced whole.</summary>
internal sealed record Faults(BankFaults? Bank = null, SmsFaults? Sms = null, BureauFaults? Bureau = null, MailFaults? Mail = null);

/// <summary>How the simulators write JSON: snake_case, durations as ISO 8601.</summary>
internal static class SimulatorJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return XmlConvert.ToTimeSpan(reader.GetString() ?? "");
            }
            catch (FormatException)
            {
                throw new JsonException("A duration is written as in ISO 8601: PT2H, P3D.");
            }
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
    }
}
