using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Edge;

/// <summary>How the native API writes JSON: snake_case, ids and enums as text, money as <c>{"amount": 12345, "currency": "CNY"}</c> in minor units.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(LetNullablesBeMissing);
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new MoneyConverter());
        options.Converters.Add(new SealedConverter());
        foreach (var converter in BookJson.Options.Converters)
        {
            options.Converters.Add(converter);
        }

        return options;
    }

    /// <summary>A member that may be null may be missing; every other must be there.</summary>
    private static void LetNullablesBeMissing(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.IsRequired && member.IsSetNullable))
        {
            member.IsRequired = false;
        }
    }

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw NoMoney();
            }

            var (minor, code) = ((long?)null, (string?)Currency.Cny.Code);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isAmount, isCurrency) = (reader.ValueTextEquals("amount"u8), reader.ValueTextEquals("currency"u8));
                reader.Read();
                if (isAmount)
                {
                    minor = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var amount) ? amount : throw NoMoney();
                }
                else if (isCurrency)
                {
                    code = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw NoMoney();
                }
                else
                {
                    reader.Skip();
                }
            }

            return minor is null ? throw NoMoney() : Currency.TryParse(code, out var known) ? new Money(minor.Value, known) : throw new JsonException("The currency is not known here.");
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("amount", value.Minor);
            writer.WriteString("currency", value.Currency.Code);
            writer.WriteEndObject();
        }

        private static JsonException NoMoney() => new("Money is an object with an integer amount in minor units and a currency.");
    }

    /// <summary>An envelope never leaves through the API, not even closed.</summary>
    private sealed class SealedConverter : JsonConverter<Sealed>
    {
        public override Sealed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("Envelopes are not taken from outside.");

        public override void Write(Utf8JsonWriter writer, Sealed value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
