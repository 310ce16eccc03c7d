using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace Peony.Customers.SignIn;

/// <summary>Refuses the passwords everybody tries first. Length does the rest (NIST SP 800-63B: no rules of composition).</summary>
internal sealed class PasswordRules : IPasswordValidator<PeonyUser>
{
    public const int MinimumLength = 8;

    private static readonly FrozenSet<string> Common = new[]
    {
        "password", "password1", "password123", "passw0rd", "12345678", "123456789", "1234567890", "123123123", "11111111", "00000000", "88888888", "66666666", "87654321",
        "qwertyui", "qwerty123", "qwertyuiop", "1qaz2wsx", "1q2w3e4r", "asdfghjkl", "zxcvbnm123", "abc12345", "abcd1234", "a1234567", "a12345678", "aa123456", "aaa111111",
        "iloveyou", "woaini520", "woaini1314", "5201314520", "1314520520", "admin123", "administrator", "letmein1", "welcome1", "sunshine", "football", "baseball", "princess",
        "11223344", "12341234", "147258369", "123456abc", "123456aa", "qq123456", "zhang123", "wang1234", "peonypeony",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task<IdentityResult> ValidateAsync(UserManager<PeonyUser> manager, PeonyUser user, string? password)
    {
        var isWeak = password is null || password.Length is < MinimumLength or > 128 || Common.Contains(password) || password.Distinct().Count() < 4;
        return Task.FromResult(isWeak ? IdentityResult.Failed(new IdentityError { Code = "weak", Description = "The password is too easy to guess." }) : IdentityResult.Success);
    }
}
