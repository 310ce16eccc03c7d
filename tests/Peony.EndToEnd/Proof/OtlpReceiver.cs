using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peony.EndToEnd.Proof;

/// <summary>A metric as it arrived: name, unit, and the tags of every data point.</summary>
internal sealed record ReceivedMetric(string Meter, string Name, string Unit, IReadOnlyList<IReadOnlyDictionary<string, string>> Points, IReadOnlyList<double> Bounds);

/// <summary>A span as it arrived; ids are lower-case hexadecimal.</summary>
internal sealed record ReceivedSpan(string Source, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Events);

/// <summary>A receiver of OTLP over HTTP with protobuf on loopback, as any collector is one. It reads the wire format by its numbers, so that nothing of the sender's is trusted.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
    }

    /// <summary>Every body that came, by path.</summary>
    public ConcurrentQueue<(string Path, byte[] Body)> Bodies { get; } = new();

    public Uri Address => new(_app.Urls.First());

    /// <summary>The variables that make a program send here, soon.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public IEnumerable<ReceivedMetric> Metrics => Bodies.Where(body => body.Path == "/v1/metrics").SelectMany(body => MetricsOf(body.Body));

    public IEnumerable<ReceivedSpan> Spans => Bodies.Where(body => body.Path == "/v1/traces").SelectMany(body => SpansOf(body.Body));

    /// <summary>What the sender says of itself.</summary>
    public IReadOnlyDictionary<string, string> Resource =>
        Tags(Bodies.SelectMany(body => Fields(body.Body)).Where(one => one.Number == 1).SelectMany(one => Fields(one.Bytes)).First(one => one.Number == 1).Bytes, 1);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/{**path}", async (HttpContext http) =>
        {
            using var memory = new MemoryStream();
            await http.Request.Body.CopyToAsync(memory);
            receiver.Bodies.Enqueue((http.Request.Path, memory.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IEnumerable<ReceivedMetric> MetricsOf(byte[] body)
    {
        foreach (var (meter, metric) in Scoped(body))
        {
            var fields = Fields(metric).ToList();
            var points = fields.Where(field => field.Number is 5 or 7 or 9).SelectMany(kind => Fields(kind.Bytes).Where(field => field.Number == 1).Select(point => (Kind: kind.Number, point.Bytes))).ToList();
            yield return new ReceivedMetric(meter, Text(fields, 1), Text(fields, 3), [.. points.Select(point => Tags(point.Bytes, point.Kind == 9 ? 9 : 7))],
                [.. points.Where(point => point.Kind == 9).Take(1).SelectMany(point => Fields(point.Bytes).Where(field => field.Number == 7).SelectMany(field => Doubles(field.Bytes)))]);
        }
    }

    private static IEnumerable<ReceivedSpan> SpansOf(byte[] body)
    {
        foreach (var (source, span) in Scoped(body))
        {
            var fields = Fields(span).ToList();
            yield return new ReceivedSpan(source, Text(fields, 5), Hex(fields, 1), Hex(fields, 2), Hex(fields, 4), Tags(span, 9),
                [.. fields.Where(field => field.Number == 11).Select(@event => Text(Fields(@event.Bytes), 2))]);
        }
    }

    /// <summary>Both requests are laid out alike: resource, then scopes (2) with their name (1.1), then the things (2).</summary>
    private static IEnumerable<(string Scope, byte[] Thing)> Scoped(byte[] body) =>
        from resource in Fields(body)
        where resource.Number == 1
        from scope in Fields(resource.Bytes)
        where scope.Number == 2
        let name = Text(Fields(Fields(scope.Bytes).First(field => field.Number == 1).Bytes), 1)
        from thing in Fields(scope.Bytes)
        where thing.Number == 2
        select (name, thing.Bytes);

    private static Dictionary<string, string> Tags(byte[] message, int number)
    {
        var tags = new Dictionary<string, string>();
        foreach (var tag in Fields(message).Where(field => field.Number == number))
        {
            var value = Fields(Fields(tag.Bytes).FirstOrDefault(field => field.Number == 2).Bytes ?? []).FirstOrDefault();
            tags[Text(Fields(tag.Bytes), 1)] = value.Number == 1 ? Encoding.UTF8.GetString(value.Bytes) : value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return tags;
    }

    private static string Text(IEnumerable<Field> fields, int number) => Encoding.UTF8.GetString(fields.FirstOrDefault(field => field.Number == number).Bytes ?? []);

    private static string Hex(IEnumerable<Field> fields, int number) => Convert.ToHexStringLower(fields.FirstOrDefault(field => field.Number == number).Bytes ?? []);

    private static IEnumerable<double> Doubles(byte[] packed) => packed.Chunk(8).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes));

    private readonly record struct Field(int Number, ulong Value, byte[] Bytes);

    /// <summary>The fields of a message: varints, fixed numbers and what has a length.</summary>
    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new Field(number, Varint(message, ref at), []));
                    break;
                case 1:
                    fields.Add(new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), message[at..(at + 8)]));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add(new Field(number, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add(new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), message[at..(at + 4)]));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} is none.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        for (var (value, shift) = (0UL, 0); ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
