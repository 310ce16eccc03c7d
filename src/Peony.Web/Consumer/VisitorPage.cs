using Microsoft.AspNetCore.Components;
using Peony.Book;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Web.Shared;

namespace Peony.Web.Consumer;

/// <summary>A page for who has not signed in. Who has is sent home.</summary>
public abstract class VisitorPage : PeonyPage
{
    [Inject]
    private protected IBookReader Reader { get; set; } = default!;

    [Inject]
    private protected Secrets Secrets { get; set; } = default!;

    private protected CancellationToken Cancel => Http.RequestAborted;

    /// <summary>Where to go after signing in: a page of ours, or home.</summary>
    private protected string Destination => Query("return") is { Length: < 300 } path && path.StartsWith("/app/", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
        ? path
        : "/app/home";

    private protected override Task<bool> AdmitAsync()
    {
        if (PeonyClaims.CustomerOf(Http.User) is null)
        {
            return Task.FromResult(true);
        }

        GoTo(Destination);
        return Task.FromResult(false);
    }

    private protected CallKey KeyOf(string caller) => FormKeys.Of(Http, Form, Secrets, caller);

    private protected PasskeyAnswer Answer => new(Form["credential"], Form["state"]);

    private protected DeviceAtHand DeviceAtHand() => DeviceCookie.Ensure(Http, Secrets);

    private protected async Task EnterAsync(Result<SignedIn> result, DeviceAtHand device, string destination)
    {
        if (IsDone(result, out var signedIn))
        {
            await CustomerAuthentication.SignInAsync(Http, signedIn, device);
            GoTo(destination);
        }
    }
}
