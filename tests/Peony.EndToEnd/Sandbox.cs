using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Peony.EndToEnd;

/// <summary>The sandbox as a script sees it: the phone, the clock, the bank's faults.</summary>
public sealed partial class Sandbox(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>The newest code on the phone that is not the one given, as soon as it is there.</summary>
    public Task<string> CodeAsync(string phone, int digits, string? not = null) => ComesAsync(
        "/sandbox/sms?to=" + Uri.EscapeDataString("+86" + phone),
        messages => messages.Select(message => Codes().Match(message["text"]!.GetValue<string>())).FirstOrDefault(code => code.Success && code.Length == digits && code.Value != not)?.Value,
        $"code of {digits} digits to {phone}");

    /// <summary>The newest code in the sandbox mailbox of an address, as soon as it is there.</summary>
    public Task<string> MailCodeAsync(string address) => ComesAsync(
        MailOf(address), messages => messages.Select(message => Codes().Match(message["text"]!.GetValue<string>())).FirstOrDefault(code => code.Success)?.Value, $"code to {address}");

    /// <summary>How many mails with this subject lie in the sandbox mailbox of an address, once there is one.</summary>
    public async Task<int> MailsAsync(string address, string subject) => int.Parse(
        await ComesAsync(MailOf(address), messages => messages.Count(message => message["subject"]!.GetValue<string>() == subject) is > 0 and var found ? $"{found}" : null, $"mail \"{subject}\" to {address}"),
        CultureInfo.InvariantCulture);

    private static string MailOf(string address) => "/sandbox/mail?to=" + Uri.EscapeDataString(address);

    /// <summary>Asks until what is looked for is among the messages.</summary>
    private async Task<string> ComesAsync(string path, Func<IEnumerable<JsonNode>, string?> find, string what)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(20))
        {
            if (find((await _client.GetFromJsonAsync<JsonNode>(path))!["messages"]!.AsArray().Select(message => message!)) is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException($"No {what} came.");
    }

    public async Task AdvanceAsync(string by)
    {
        using var response = await _client.PostAsJsonAsync("/sandbox/clock/advance", new { by });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Advances to a little after midnight in China, at the beginning of the next day with this number in its month.</summary>
    public async Task AdvanceToDayAsync(int dayOfMonth)
    {
        var now = (await _client.GetFromJsonAsync<JsonNode>("/sandbox/clock"))!["now"]!.GetValue<DateTimeOffset>().ToOffset(TimeSpan.FromHours(8));
        var day = now.Date.AddDays(1);
        while (day.Day != dayOfMonth)
        {
            day = day.AddDays(1);
        }

        await AdvanceAsync(System.Xml.XmlConvert.ToString(day.AddMinutes(5) - now.DateTime));
    }

    public async Task BankAsync(object faults)
    {
        using var response = await _client.PostAsJsonAsync("/sandbox/bank", faults);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex(@"(?<!\d)\d{6,8}(?!\d)")]
    private static partial Regex Codes();
}
