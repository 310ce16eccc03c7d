using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Peony.EndToEnd;

/// <summary>The sandbox as a script sees it: the phone, the clock, the bank's faults.</summary>
public sealed partial class Sandbox(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>The newest code on the phone that is not the one given, as soon as it is there.</summary>
    public async Task<string> CodeAsync(string phone, int digits, string? not = null)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var messages = (await _client.GetFromJsonAsync<JsonNode>("/sandbox/sms?to=" + Uri.EscapeDataString("+86" + phone)))!["messages"]!.AsArray();
            var codes = messages.Select(message => Codes().Match(message!["text"]!.GetValue<string>())).Where(code => code.Success && code.Length == digits && code.Value != not);
            if (codes.FirstOrDefault() is { } found)
            {
                return found.Value;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No code of {digits} digits came to {phone}.");
    }

    /// <summary>The newest code in the sandbox mailbox of an address, as soon as it is there.</summary>
    public async Task<string> MailCodeAsync(string address)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var messages = (await _client.GetFromJsonAsync<JsonNode>("/sandbox/mail?to=" + Uri.EscapeDataString(address)))!["messages"]!.AsArray();
            if (messages.Select(message => Codes().Match(message!["text"]!.GetValue<string>())).FirstOrDefault(code => code.Success) is { } found)
            {
                return found.Value;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No code came to {address}.");
    }

    /// <summary>How many mails with this subject lie in the sandbox mailbox of an address, once there is one.</summary>
    public async Task<int> MailsAsync(string address, string subject)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var messages = (await _client.GetFromJsonAsync<JsonNode>("/sandbox/mail?to=" + Uri.EscapeDataString(address)))!["messages"]!.AsArray();
            if (messages.Count(message => message!["subject"]!.GetValue<string>() == subject) is > 0 and var found)
            {
                return found;
            }

            await Task.Delay(100);
        }

        return 0;
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
