using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>A customer lives a whole story; then every byte that the program left anywhere is searched for what must not stand there in clear. So again after the erasure.</summary>
public sealed partial class CanaryTests(PostgresCluster cluster)
{
    private const string Phone = "18600772913";
    private const string Name = "欧阳雀鸣";
    private const string IdNumber = "110101198403172469";
    private const string CardNumber = "6212260200471382594";
    private const string Pin = "739164";
    private const string Password = "kanarie-48-blauw-regen";

    private readonly Canaries _canaries = new();

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Nothing_personal_or_secret_stands_anywhere_in_clear(Database database)
    {
        // The database's own log says every statement with its parameters.
        await using var loud = database == Database.Postgres ? await PostgresCluster.StartAsync("-c log_statement=all -c log_min_messages=info") : null;
        await using var place = await ServerPlace.MakeAsync(database, loud ?? cluster);
        await using var restored = await ServerPlace.MakeAsync(database, loud ?? cluster);
        var backup = Directory.CreateTempSubdirectory("peony-backup-");
        try
        {
            var folders = new List<string> { place.Directory, restored.Directory, backup.FullName };
            if (loud?.Folder is { } folder)
            {
                folders.Add(folder);
            }

            await using var server = await ServerProcess.StartAsync(place);
            var caller = await SignUpAsync(server);
            await LiveAsync(caller, server);
            Clean(server, caller, folders);
            await FindsWhatIsThereAsync(caller, server, folders);

            Assert.Equal(204, (await caller.PostAsync(server, "me/erase", new { password = Password })).OrFail("erase").Status);
            await Caller.AdvanceAsync(server, "PT1M");
            await DoAsync(place, "verify");
            await DoAsync(place, "backup", backup.FullName);
            Assert.Equal(0, await server.StopAsync());
            await DoAsync(place, "rebuild");
            await DoAsync(place, "verify");
            Directory.CreateDirectory(Path.Combine(restored.Directory, "secrets"));
            File.Copy(Path.Combine(place.Directory, "secrets", "master.key"), Path.Combine(restored.Directory, "secrets", "master.key"));
            await DoAsync(restored, "restore", backup.FullName);
            await DoAsync(restored, "verify");
            Clean(server, caller, folders);
        }
        finally
        {
            backup.Delete(recursive: true);
        }
    }

    private static async Task DoAsync(ServerPlace place, params string[] verb)
    {
        var (exitCode, output) = await ServerProcess.RunAsync(place, verb);
        Assert.True(exitCode == 0, $"{verb[0]}: {output}");
    }

    private static async Task<JsonNode> OrFailAsync(Task<Answer> answer, string what)
    {
        var text = (await answer).OrFail(what).Text;
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<Caller> SignUpAsync(ServerProcess server)
    {
        foreach (var (what, canary) in new[]
        {
            ("phone", Phone), ("name", Name), ("ID number", IdNumber), ("card number", CardNumber), ("card number", "6212 2602 0047 1382 594"), ("PIN", Pin), ("password", Password),
        })
        {
            _canaries.Plant(what, canary);
        }

        var caller = new Caller(Phone);
        var started = await OrFailAsync(caller.PostAsync(server, "sign-ups", new { phone = Phone, language = "zh-CN" }), "sign up");
        JsonArray messages;
        while ((messages = await caller.MessagesAsync(server)).Count == 0)
        {
            await Task.Delay(20);
        }

        var code = SignUpCode().Match(messages[0]!["text"]!.GetValue<string>()).Value;
        _canaries.Plant("sign-up code", code);
        var session = await OrFailAsync(
            caller.PostAsync(server, $"sign-ups/{started["id"]}/finish", new { code, password = Password, device = new { secret = "proof-device-of-" + Phone, name = "Proof" } }), "finish");
        caller.Token = session["token"]!.GetValue<string>();
        _canaries.Plant("bearer token", caller.Token);
        _canaries.Plant("bearer token's secret", caller.Token[(caller.Token.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        return caller;
    }

    private async Task LiveAsync(Caller caller, ServerProcess server)
    {
        (await caller.SendAsync(server, HttpMethod.Put, "pin", Body($$"""{"pin":"{{Pin}}"}"""), null)).OrFail("PIN");
        await OrFailAsync(caller.PostAsync(server, "verification", new { name = Name, id_number = IdNumber }), "verification");
        await VerifyPhotosAsync(caller, server);
        var card = (await OrFailAsync(caller.PostAsync(server, "cards", new { number = CardNumber, phone = Phone }), "card"))["id"]!.GetValue<string>();
        await OrFailAsync(caller.PostAsync(server, "wallet/top-ups", new { card, amount = Caller.Cny(100_00), pin = Pin }), "top-up");
        await Caller.AdvanceAsync(server, "PT3H");
        await ComplainAsync(caller, server, card);

        await WithdrawAsync(caller, server, card, 30_00);
        await Caller.AdvanceAsync(server, "P1D");
        // All that is left goes too, for an account with money in it is not erased.
        var quote = await OrFailAsync(caller.PostAsync(server, "withdrawals/quote", new { source = "wallet", card }), "quote");
        await WithdrawAsync(caller, server, card, quote["most"]!["amount"]!.GetValue<long>());
        await Caller.AdvanceAsync(server, "P2D");
        _ = await OrFailAsync(caller.GetAsync(server, "me"), "me");
        var again = await Caller.SignInAsync(server, Phone, Password);
        _canaries.Plant("second bearer token", again.Token!);
    }

    private async Task VerifyPhotosAsync(Caller caller, ServerProcess server)
    {
        using var photos = new MultipartFormDataContent();
        foreach (var side in new[] { "front", "back", "face" })
        {
            var canary = $"photo-canary-{side}-{Guid.NewGuid():N}";
            _canaries.Plant($"photo of the {side}", canary);
            var photo = new ByteArrayContent([0xFF, 0xD8, 0xFF, 0xE0, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(canary, 2000))), 0xFF, 0xD9]);
            photo.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            photos.Add(photo, side, side + ".jpg");
        }

        (await caller.SendAsync(server, HttpMethod.Post, "verification/photos", photos, null)).OrFail("photos");
    }

    /// <summary>Everything that can be said wrongly is: what comes back and what is logged repeats nothing.</summary>
    private static async Task ComplainAsync(Caller caller, ServerProcess server, string card)
    {
        await caller.PostAsync(server, "cards", new { number = CardNumber + "x", phone = Phone });
        await caller.PostAsync(server, "cards", new { number = CardNumber[..^1] + "5", phone = Phone });
        await caller.PostAsync(server, "cards", new { number = CardNumber, phone = Phone + "9" });
        await caller.PostAsync(server, "verification", new { name = Name + "1", id_number = IdNumber + "7" });
        await caller.PostAsync(server, "verification", new { name = Name, id_number = IdNumber });
        await caller.PostAsync(server, "sessions", new { phone = Phone, password = Password + "!" });
        await caller.PostAsync(server, "sessions", new { phone = Phone + "0", password = Password });
        await caller.PostAsync(server, "sign-ups", new { phone = Phone, language = "en" });
        await caller.PostAsync(server, "withdrawals", new { source = "wallet", card, amount = Caller.Cny(900_00), pin = Pin });
        await caller.PostAsync(server, "withdrawals", new { source = "wallet", card, amount = Caller.Cny(10_00), pin = "1" + Pin });
        await caller.SendAsync(server, HttpMethod.Post, "withdrawals", Body($$"""{"source":"wallet","pin":{{Pin}},"amount":"{{CardNumber}}"}"""), null);
        await caller.SendAsync(server, HttpMethod.Post, "cards", Body($$"""{"number":"{{CardNumber}}","phone":"{{Phone}}" "name":"{{Name}}"}"""), null);
        Assert.True(caller.Problems.Count >= 9, $"Only {caller.Problems.Count} problems.");
    }

    private async Task WithdrawAsync(Caller caller, ServerProcess server, string card, long minor)
    {
        var asked = await OrFailAsync(caller.PostAsync(server, "withdrawals", new { source = "wallet", card, amount = Caller.Cny(minor), pin = Pin }), "withdrawal");
        var code = await caller.CodeAsync(server);
        _canaries.Plant("withdrawal code", code);
        var wrong = code[..^1] + (code[^1] == '0' ? '1' : '0');
        Assert.Equal("withdrawal.code_wrong", (await caller.PostAsync(server, $"withdrawals/{asked["id"]}/redeem", new { code = wrong })).Code);
        await OrFailAsync(caller.PostAsync(server, $"withdrawals/{asked["id"]}/redeem", new { code }), "redeem");
        Assert.Equal("withdrawal.code_used", (await caller.PostAsync(server, $"withdrawals/{asked["id"]}/redeem", new { code })).Code);
    }

    /// <summary>The same search does find the customer's id, which stands in clear wherever the customer does.</summary>
    private static async Task FindsWhatIsThereAsync(Caller caller, ServerProcess server, IEnumerable<string> folders)
    {
        var known = new Canaries();
        known.Plant("id", (await OrFailAsync(caller.GetAsync(server, "me"), "me"))["id"]!.GetValue<string>());
        Assert.NotEmpty(folders.SelectMany(known.SearchFolder));
    }

    private void Clean(ServerProcess server, Caller caller, IEnumerable<string> folders) => Assert.Empty(
        folders.SelectMany(_canaries.SearchFolder)
            .Concat(_canaries.Search("the server's output", server.Output))
            .Concat(caller.Problems.SelectMany(problem => _canaries.Search("the problem " + JsonNode.Parse(problem)!["code"], problem))));

    [GeneratedRegex("(?<![0-9])[0-9]{6}(?![0-9])")]
    private static partial Regex SignUpCode();
}
