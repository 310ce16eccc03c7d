using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Peony.Book;
using Peony.Credit;
using Peony.Edge;
using Peony.Operators;
using Peony.Sandbox;

namespace Peony.Server.Verbs;

/// <summary><c>serve</c>: pages, API, Book; in the sandbox also simulators and demo data.</summary>
internal static class ServeVerb
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(10);

    public static Command Make()
    {
        var place = new Place();
        var command = new Command("serve", "Serves pages and API. A second serve on the same store stands by");
        place.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), place.Urls(parsed), cancel));
        return command;
    }

    /// <returns>0 after a clean stop, 3 when another process took the Book over or a defect stopped it.</returns>
    private static async Task<int> RunAsync(PeonyOptions options, string urls, CancellationToken cancel)
    {
        var started = Stopwatch.StartNew();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });
        await using var server = await PeonyServer.StartAsync(options, urls);
        try
        {
            await server.ServeAsync(stopping.Token);
            Greet(server, started.Elapsed);
            var told = Stopwatch.StartNew();
            var isClosing = false;
            while (server.Book.Health.State is BookState.Serving or BookState.Recovering)
            {
                await Task.Delay(200, stopping.Token);
                if (told.Elapsed > ToldEvery)
                {
                    told.Restart();
                    isClosing = await TellDayCloseAsync(server, isClosing, stopping.Token);
                }
            }

            await Console.Error.WriteLineAsync($"peony: {server.Book.Health.Problem} This process ends.");
            return 3;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>A line about the close of the day while it runs, and one when it is through; nothing where nothing is due.</summary>
    /// <param name="wasClosing">Whether it ran when it was last looked at.</param>
    private static async Task<bool> TellDayCloseAsync(PeonyServer server, bool wasClosing, CancellationToken cancel)
    {
        try
        {
            var close = await DayCloseProgress.ReadAsync(server.Book, server.CreditProducts, cancel);
            if (close.Due > 0 || wasClosing)
            {
                Console.WriteLine(close);
            }

            return close.Due > 0;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The tables cannot be read now; the pages and the log say so. The server goes on.
            return wasClosing;
        }
    }

    private static void Greet(PeonyServer server, TimeSpan took)
    {
        var address = server.Address.ToString().TrimEnd('/');
        Console.WriteLine($"Peony serves {address} ({(server.Instance.Options.IsSandbox ? "sandbox" : "production")}, ready after {took.TotalSeconds:F1} s)");
        Console.WriteLine($"""
              demo desk         {address}/
              consumer app      {address}/app
              operator console  {address}/ops
              API reference     {address}/docs
            """);
        if (server.FirstOperatorPath is { } enrol)
        {
            Console.WriteLine($"""
                There is no operator yet. Whoever opens this link within a day becomes the administrator; it works once:
                  {address}{enrol}
                """);
        }

        if (server.Instance.Options.IsSandbox)
        {
            Console.WriteLine($"""
                  Operators of the console: {OperatorFlow.DemoName} and {OperatorFlow.SecondDemoName} (for what takes four eyes), password {OperatorFlow.DemoPassword}
                  sandbox           {address}/sandbox/customers  /sandbox/sms  /sandbox/clock  /sandbox/bank
                Demo customers (password {DemoPeople.Password}, payment PIN {DemoPeople.Pin}):
                """);
            foreach (var person in DemoPeople.All)
            {
                Console.WriteLine($"  {person.EnglishName,-6} {person.Phone}  {person.Story}");
            }
        }
    }
}
