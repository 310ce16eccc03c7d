using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>What a collector receives from a running Peony: every instrument with its unit, traces that go through, and nothing personal.</summary>
public sealed class TelemetryTests(PostgresCluster cluster)
{
    private static readonly (string Name, string Unit)[] Instruments =
    [
        ("peony.book.commands", "{command}"), ("peony.book.command.wait.duration", "s"), ("peony.book.command.duration", "s"), ("peony.book.frame.commands", "{command}"),
        ("peony.book.frame.size", "By"), ("peony.book.append.duration", "s"), ("peony.book.apply.duration", "s"), ("peony.book.apply.frames", "{frame}"), ("peony.book.misses", "{slot}"),
        ("peony.book.load.duration", "s"), ("peony.book.effect.duration", "s"), ("peony.book.read.wait.duration", "s"), ("peony.book.queue", "{command}"), ("peony.book.lag.size", "By"),
        ("peony.book.lag.frames", "{frame}"), ("peony.book.lag.duration", "s"), ("peony.book.seal.age", "s"), ("peony.book.memory.slots", "{slot}"), ("peony.book.ready", "1"),
        ("peony.book.effects.outstanding", "{effect}"),
    ];

    [Fact]
    public async Task A_collector_receives_every_instrument_with_its_unit_and_refusals_by_name()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        await using var server = await ServerProcess.StartAsync(place, environment: receiver.Variables);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        Assert.Equal("withdrawal.not_found", (await lin.PostAsync(server, "withdrawals/wd_00000000000000000000000000/cancel", new { })).Code);
        await lin.AskAsync(server, await lin.CardAsync(server), 1000);
        // What the demo customers did has sent every name before; the refusal comes with a later sending.
        await UntilAsync(() => Instruments.All(instrument => receiver.Metrics.Any(metric => metric.Name == instrument.Name)) && receiver.Metrics.Any(IsRefused),
            () => string.Join(", ", receiver.Metrics.Select(one => one.Name).Distinct().Order()));

        var metrics = receiver.Metrics.ToList();
        Assert.All(Instruments, instrument => Assert.All(metrics.Where(metric => metric.Name == instrument.Name),
            metric => Assert.Equal(("Peony.Book", instrument.Unit), (metric.Meter, metric.Unit))));
        Assert.Contains(0.0001, metrics.First(metric => metric.Name == "peony.book.append.duration").Bounds);
        Assert.Contains(metrics, metric => metric.Name == "http.server.request.duration");
        Assert.Contains(metrics.Where(metric => metric.Name == "peony.book.effects.outstanding").SelectMany(metric => metric.Points), point => point.ContainsKey("peony.effect.name"));
        Assert.Equal("peony", receiver.Resource["service.name"]);

        static bool IsRefused(ReceivedMetric metric) => metric.Name == "peony.book.commands"
            && metric.Points.Any(point => point.GetValueOrDefault("peony.command.outcome") == "refused" && point.GetValueOrDefault("error.type") == "withdrawal.not_found");
    }

    [Fact]
    public async Task A_trace_goes_from_the_caller_through_the_Book_and_an_effects_to_whom_it_calls()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        await using var server = await ServerProcess.StartAsync(place, environment: receiver.Variables);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var (trace, parent) = (Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)), "00f067aa0ba902b7");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/withdrawals/wd_00000000000000000000000000/cancel");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", lin.Token);
        request.Headers.Add("traceparent", $"00-{trace}-{parent}-01");
        request.Headers.Add("Idempotency-Key", Caller.NewKey());
        using var response = await server.Client.SendAsync(request);
        var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("withdrawal.not_found", answer.Code);

        await UntilAsync(() => receiver.Spans.Any(span => span.Trace == trace && span.Parent == parent), () => "no span of the request");
        var served = receiver.Spans.First(span => span.Trace == trace && span.Parent == parent);
        Assert.Equal(answer.Json["request_id"]!.GetValue<string>(), served.Tags["peony.request.id"]);
        var decided = receiver.Spans.Single(span => span.Trace == trace && span.Name == "withdrawals.cancel");
        Assert.Equal(("Peony.Book", served.Id), (decided.Source, decided.Parent));
        Assert.Equal("withdrawal.not_found", decided.Tags["error.type"]);
        Assert.Equal(["decided", "durable"], decided.Events);

        // The text with the code: an effect, its request, and the carrier's side of it are one trace.
        await lin.AskAsync(server, await lin.CardAsync(server), 1000);
        await UntilAsync(() => receiver.Spans.Any(IsSentByEffect), () => string.Join(", ", receiver.Spans.Select(span => span.Source + " " + span.Name).Distinct()));
        var sent = receiver.Spans.First(IsSentByEffect);
        await UntilAsync(() => receiver.Spans.Any(span => span.Parent == sent.Id && span.Trace == sent.Trace && span.Source == "Microsoft.AspNetCore"), () => "the carrier's side is missing");

        bool IsSentByEffect(ReceivedSpan span) => span.Source == "System.Net.Http" && receiver.Spans.Any(effect => effect.Id == span.Parent && effect.Name.StartsWith("effect notices.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_personal_is_sent_to_a_collector()
    {
        const string phone = "18600774821";
        var canaries = new Canaries();
        foreach (var (what, text) in new[] { ("phone", phone), ("password", "kanarie-52-geel-wind"), ("agent", "Kanarie/7.1"), ("demo phone", Caller.Lin), ("demo PIN", Caller.Pin), ("demo password", Caller.Password) })
        {
            canaries.Plant(what, text);
        }

        await using var receiver = await OtlpReceiver.StartAsync();
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        await using var server = await ServerProcess.StartAsync(place, environment: receiver.Variables);
        server.Client.DefaultRequestHeaders.UserAgent.ParseAdd("Kanarie/7.1");
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        await lin.AskAsync(server, await lin.CardAsync(server), 1000);
        await lin.PostAsync(server, "sessions", new { phone, password = "kanarie-52-geel-wind" });
        using var search = await server.Client.GetAsync("/ops/customers?q=" + phone);
        Assert.NotEqual(HttpStatusCode.NotFound, search.StatusCode);
        Assert.Equal(0, await server.StopAsync());

        // A clean stop has sent everything.
        Assert.Contains(receiver.Spans, span => span.Tags.GetValueOrDefault("http.route") == "/ops/customers" || span.Tags.GetValueOrDefault("url.path") == "/ops/customers");
        Assert.Contains(receiver.Spans, span => span.Name.StartsWith("effect ", StringComparison.Ordinal));
        Assert.Empty(receiver.Bodies.SelectMany(body => canaries.Search(body.Path, body.Body)));
    }

    private static async Task UntilAsync(Func<bool> isSo, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), otherwise());
            await Task.Delay(50);
        }
    }
}
