using System.Security.Cryptography;
using Peony.Book;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Customers.Verification;

/// <summary>Identity verification (实名认证) for pages and API alike: what was typed is checked, the bureau is asked outside the writer, and its answer enters the Book.</summary>
internal sealed class VerificationFlow(
    IBook book, IBookReader reader, Secrets secrets, IVault vault, IIdentityBureau bureau, SealedFiles files, TimeProvider clock)
{
    private const int AdultAge = 18;
    private const int MostPhotoBytes = 2_500_000;
    private static readonly TimeZoneInfo China = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary>The first level: name and resident ID.</summary>
    /// <exception cref="InvalidRequestException">The name or ID cannot be one.</exception>
    public async Task<Result<VerificationResult>> VerifyAsync(SessionId session, CustomerId customer, string name, string idNumber, CallKey? key, CancellationToken cancel = default)
    {
        var (plainName, id) = Read(name, idNumber);
        if (await FindLockAsync(customer, cancel) is { } locked)
        {
            return locked;
        }

        if (id.BirthDate.AddYears(AdultAge) > Today)
        {
            return CustomersRefusals.VerificationUnderAge;
        }

        // The reference follows from who asks about whom, so a retry after a lost answer is the same check at the bureau.
        var reference = secrets.Hash("bureau-reference", $"{customer}/{plainName}/{id.Value}/{clock.GetUtcNow():yyyyMMdd}");
        var answer = await bureau.CheckAsync(reference, plainName, id, cancel);
        var sealedName = await vault.SealAsync(customer.Value, plainName, cancel);
        var sealedId = await vault.SealAsync(customer.Value, id.Value, cancel);
        return await book.RunAsync(
            new RecordVerification(session, sealedName, PersonalHashes.Name(secrets, plainName), sealedId, PersonalHashes.ResidentId(secrets, id), answer), key, cancel);
    }

    /// <summary>The second level: photos of both sides of the card and of the face.</summary>
    /// <exception cref="InvalidRequestException">A photo is missing, too large, or no JPEG or PNG.</exception>
    public async Task<Result<VerificationResult>> VerifyPhotosAsync(SessionId session, CustomerId customer, IdentityPhotos photos, CallKey? key, CancellationToken cancel = default)
    {
        CheckPhoto("front", photos.Front);
        CheckPhoto("back", photos.Back);
        CheckPhoto("face", photos.Face);
        if (await FindLockAsync(customer, cancel) is { } locked)
        {
            return locked;
        }

        var record = await reader.FindAsync<Customer>(customer.Value, cancel);
        if (record is not { Name: { } name, IdNumber: { } idNumber }
            || await vault.OpenAsync(customer.Value, name, cancel) is not { } clearName
            || ResidentId.Parse(await vault.OpenAsync(customer.Value, idNumber, cancel), Today).Id is not { } id)
        {
            return CustomersRefusals.VerificationRequired;
        }

        if (record.Level == VerificationLevel.Enhanced)
        {
            return new VerificationResult(record.Level);
        }

        var photosDigest = Convert.ToHexStringLower(SHA256.HashData([.. photos.Front, .. photos.Back, .. photos.Face]));
        var reference = secrets.Hash("bureau-reference", $"{customer}/{photosDigest}");
        var answer = await bureau.CheckPhotosAsync(reference, clearName, id, photos, cancel);
        var names = new List<string>();
        if (answer.Verdict == BureauVerdict.Agrees)
        {
            names.Add(await files.SaveAsync(customer, "front", photos.Front, cancel));
            names.Add(await files.SaveAsync(customer, "back", photos.Back, cancel));
            names.Add(await files.SaveAsync(customer, "face", photos.Face, cancel));
        }

        return await book.RunAsync(new RecordPhotoCheck(session, names, answer), key, cancel);
    }

    /// <summary>The name and ID as types, or a field that is wrong.</summary>
    public (string Name, ResidentId Id) Read(string name, string idNumber)
    {
        var plainName = Text.Normalise(name);
        if (plainName.Length is < 2 or > 50 || plainName.Any(char.IsAsciiDigit) || plainName.Any(char.IsControl))
        {
            throw new InvalidRequestException("name", "this cannot be a name on an ID card.", "姓名格式不正确。");
        }

        var (id, fault) = ResidentId.Parse(idNumber, Today);
        return id is not null ? (plainName, id) : throw new InvalidRequestException("id_number", WhyNot(fault!.Value).English, WhyNot(fault.Value).Chinese);
    }

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(reader.Now, China).DateTime);

    private async Task<Refusal?> FindLockAsync(CustomerId customer, CancellationToken cancel) =>
        (await reader.FindAsync<Customer>(customer.Value, cancel))?.VerificationLockedUntil is { } until && reader.Now < until
            ? CustomersRefusals.VerificationTooManyTries.With("until", until.ToString("O", System.Globalization.CultureInfo.InvariantCulture))
            : null;

    private static (string English, string Chinese) WhyNot(ResidentIdFault fault) => fault switch
    {
        ResidentIdFault.Form => ("a resident ID has 17 digits and a digit or X.", "身份证号应为 17 位数字加一位数字或 X。"),
        ResidentIdFault.FirstGeneration => ("15-digit IDs are no longer valid.", "15 位身份证号已停用，请填写 18 位号码。"),
        ResidentIdFault.Province => ("the first two digits are no province.", "前两位不是有效的省份代码。"),
        ResidentIdFault.BirthDate => ("digits 7 to 14 are no date.", "第 7 至 14 位不是有效日期。"),
        ResidentIdFault.BornInFuture => ("the day of birth has not come yet.", "出生日期晚于今天。"),
        ResidentIdFault.CheckCharacter => ("a digit was mistyped.", "校验位不符，请检查是否输错。"),
    };

    private static void CheckPhoto(string field, byte[] photo)
    {
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8, 0xFF];
        ReadOnlySpan<byte> png = [0x89, 0x50, 0x4E, 0x47];
        if (photo.Length is 0 or > MostPhotoBytes || !(photo.AsSpan().StartsWith(jpeg) || photo.AsSpan().StartsWith(png)))
        {
            throw new InvalidRequestException(field, "send a JPEG or PNG of at most 2.5 MB.", "请上传不超过 2.5 MB 的 JPEG 或 PNG 图片。");
        }
    }
}
