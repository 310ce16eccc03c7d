using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.Erasure;
using Peony.Customers.SignIn;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class SecurityTests
{
    private const string Phone = "13800138000";
    private const string Password = "correct horse";
    private const string Name = "林小满";
    private const string IdNumber = "11010519491231002X";

    [Theory]
    [InlineData("123456")]
    [InlineData("987654")]
    [InlineData("000000")]
    [InlineData("121212")]
    [InlineData("123123")]
    [InlineData("520520")]
    [InlineData("491231")]
    [InlineData("194912")]
    [InlineData("311249")]
    [InlineData("138000")]
    public void A_pin_a_thief_would_try_first_is_weak(string pin) =>
        Assert.True(PinRules.IsWeak(pin, new DateOnly(1949, 12, 31), "+8613800138000", IdNumber));

    [Theory]
    [InlineData("258036")]
    [InlineData("739164")]
    public void Another_pin_is_not(string pin) => Assert.False(PinRules.IsWeak(pin, new DateOnly(1949, 12, 31), "+8613800138000", IdNumber));

    [Fact]
    public async Task The_fifth_wrong_pin_locks_for_half_an_hour_of_the_books_time()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await SetPinAsync(world, client);
        for (var left = 4; left >= 1; left--)
        {
            var (_, wrong) = await ChangePinAsync(world, client, "111222");
            Assert.Equal("pin.wrong", wrong.GetProperty("code").GetString());
            Assert.Equal($"{left}", wrong.GetProperty("left").GetString());
        }

        Assert.Equal("pin.locked", (await ChangePinAsync(world, client, "111222")).Body.GetProperty("code").GetString());
        Assert.Equal("pin.locked", (await ChangePinAsync(world, client, "258036")).Body.GetProperty("code").GetString());
        world.Book.Advance(PaymentPin.LockTime);
        Assert.Equal(HttpStatusCode.NoContent, (await ChangePinAsync(world, client, "258036")).Status);
    }

    [Fact]
    public async Task A_right_pin_sets_the_count_back()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await SetPinAsync(world, client);
        await ChangePinAsync(world, client, "111222");
        await ChangePinAsync(world, client, "258036");
        var pin = (await world.Book.Reader.ListAllAsync<PaymentPin>())[0];
        Assert.Equal(0, pin.WrongTries);
    }

    [Fact]
    public async Task A_forgotten_pin_needs_a_fresh_proof_and_the_verified_identity()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await SetPinAsync(world, client);
        Assert.Equal("verification.required", await ResetAsync(Password, IdNumber));
        await world.PostAsync(client, "/api/v1/verification", new { name = Name, id_number = IdNumber });
        Assert.Equal("sign_in.failed", await ResetAsync("not this one", IdNumber));
        Assert.Equal("verification.mismatch", await ResetAsync(Password, "310101188402290031"));
        Assert.Equal("done", await ResetAsync(Password, IdNumber));
        Assert.Equal(HttpStatusCode.NoContent, (await ChangePinAsync(world, client, "739164")).Status);

        async Task<string> ResetAsync(string password, string id)
        {
            var (status, body) = await world.PostAsync(client, "/api/v1/pin/reset", new { pin = "739164", name = Name, id_number = id, password });
            return status == HttpStatusCode.NoContent ? "done" : body.GetProperty("code").GetString()!;
        }
    }

    [Fact]
    public async Task Freezing_takes_one_tap_and_unfreezing_a_proof_and_the_pin()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await SetPinAsync(world, client);
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(client, "/api/v1/freeze")).Status);
        Assert.Equal("customer.frozen", (await ChangePinAsync(world, client, "258036")).Body.GetProperty("code").GetString());
        Assert.Equal("sign_in.proof_needed", await UnfreezeAsync(null, "258036"));
        Assert.Equal("sign_in.failed", await UnfreezeAsync("not this one", "258036"));
        Assert.Equal("pin.wrong", await UnfreezeAsync(Password, "111222"));
        Assert.Equal("pin.wrong", await UnfreezeAsync(Password, null));
        Assert.Equal("done", await UnfreezeAsync(Password, "258036"));
        Assert.Equal("customer.not_frozen", await UnfreezeAsync(Password, "258036"));

        async Task<string> UnfreezeAsync(string? password, string? pin)
        {
            var (status, body) = await world.PostAsync(client, "/api/v1/unfreeze", new { password, pin });
            return status == HttpStatusCode.NoContent ? "done" : body.GetProperty("code").GetString()!;
        }
    }

    [Fact]
    public async Task Name_and_id_are_verified_once_and_one_person_has_one_account()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        var (status, body) = await world.PostAsync(client, "/api/v1/verification", new { name = Name, id_number = "１１０１０５１９４９１２３１００２ｘ" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("basic", body.GetProperty("level").GetString());
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.Equal("*小满", me.GetProperty("name").GetString());

        var other = world.Client(await world.SignUpAsync("13900139000", Password));
        var (_, twice) = await world.PostAsync(other, "/api/v1/verification", new { name = Name, id_number = IdNumber });
        Assert.Equal("verification.id_in_use", twice.GetProperty("code").GetString());
        var (_, changed) = await world.PostAsync(client, "/api/v1/verification", new { name = "陈大", id_number = "310101188402290031" });
        Assert.Equal("verification.already_done", changed.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Five_answers_of_no_lock_the_check_for_a_day()
    {
        await using var world = await EdgeWorld.StartAsync();
        world.Bureau.Strangers.Add("陈大");
        var client = await SignUpAsync(world);
        for (var number = 0; number < 5; number++)
        {
            Assert.Equal("verification.mismatch", await VerifyAsync("陈大"));
        }

        Assert.Equal("verification.too_many_tries", await VerifyAsync(Name));
        Assert.Equal(5, world.Bureau.Asked);
        world.Book.Advance(TimeSpan.FromDays(1));
        Assert.Equal("done", await VerifyAsync(Name));

        async Task<string> VerifyAsync(string name)
        {
            var (status, body) = await world.PostAsync(client, "/api/v1/verification", new { name, id_number = IdNumber });
            return status == HttpStatusCode.OK ? "done" : body.GetProperty("code").GetString()!;
        }
    }

    [Theory]
    [InlineData("110105194912310021", "a digit was mistyped.")]
    [InlineData("110105491231002", "15-digit IDs are no longer valid.")]
    public async Task An_id_that_cannot_be_one_is_refused_with_its_reason(string id, string reason)
    {
        await using var world = await EdgeWorld.StartAsync();
        var (status, problem) = await world.PostAsync(await SignUpAsync(world), "/api/v1/verification", new { name = Name, id_number = id });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("id_number", problem.GetProperty("param").GetString());
        Assert.Equal(reason, problem.GetProperty("reason").GetString());
        Assert.Equal(0, world.Bureau.Asked);
    }

    [Fact]
    public async Task Photos_raise_the_level_and_lie_sealed()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await world.PostAsync(client, "/api/v1/verification", new { name = Name, id_number = IdNumber });
        byte[] photo = [0xFF, 0xD8, 0xFF, 0xE0, .. "the canary of a photo"u8];
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(photo), "front", "front.jpg" },
            { new ByteArrayContent(photo), "back", "back.jpg" },
            { new ByteArrayContent(photo), "face", "face.jpg" },
        };
        var (status, body) = await world.PostAsync(client, "/api/v1/verification/photos", form);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        Assert.Equal("enhanced", body.GetProperty("level").GetString());
        var files = Directory.GetFiles(Path.Combine(world.Folder, "files"), "*", SearchOption.AllDirectories);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.DoesNotContain("canary", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erasing_leaves_nothing_personal_and_the_phone_may_join_anew()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = await SignUpAsync(world);
        await SetPinAsync(world, client);
        await world.PostAsync(client, "/api/v1/verification", new { name = Name, id_number = IdNumber });
        var id = new CustomerId((await client.GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("id").GetString()!);
        await world.PostAsync(world.Client(), "/api/v1/sign-ups", new { phone = Phone });
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(client, "/api/v1/me/erase", new { password = Password })).Status);
        world.Book.Settle();

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me")).StatusCode);
        var left = (await world.Book.Reader.FindAsync<Customer>(id.Value))!;
        Assert.True(left.IsErased);
        Assert.Null(left.Phone);
        Assert.Null(left.IdHash);
        Assert.Contains(id.Value, await world.Vault.ErasedAsync());
        Assert.All(await world.Book.Reader.ListAllAsync<SignUp>(), signUp => Assert.Null(signUp.PhoneHash));
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password })).Status);
        await world.SignUpAsync(Phone, "a new password");
    }

    [Fact]
    public async Task What_is_still_open_elsewhere_keeps_an_account_from_being_erased()
    {
        await using var world = await EdgeWorld.StartAsync(services => services.AddSingleton<IErasureCheck>(new StillOpen()));
        var client = await SignUpAsync(world);
        var (status, problem) = await world.PostAsync(client, "/api/v1/me/erase", new { password = Password });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("erasure.open_business", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/me")).StatusCode);
    }

    private static async Task<HttpClient> SignUpAsync(EdgeWorld world) => world.Client(await world.SignUpAsync(Phone, Password));

    private static async Task SetPinAsync(EdgeWorld world, HttpClient client) =>
        Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(client, HttpMethod.Put, "/api/v1/pin", new { pin = "258036" })).Status);

    private static Task<(HttpStatusCode Status, JsonElement Body)> ChangePinAsync(EdgeWorld world, HttpClient client, string old) =>
        world.SendAsync(client, HttpMethod.Put, "/api/v1/pin", new { pin = "739164", old_pin = old });

    private sealed class StillOpen : IErasureCheck
    {
        public ICommand<Done> Of(CustomerId customer) => new Refuse();

        private sealed record Refuse : ICommand<Done>
        {
            public Result<Done> Handle(IWork work) => CustomersRefusals.EraseOpenBusiness;
        }
    }
}
