using Microsoft.AspNetCore.Http;
using Peony.Book;

namespace Peony.Web.Shared;

/// <summary>The idempotency key of a posted form: minted when the form was rendered, and a keyed fingerprint over every field a person filled in.</summary>
internal static class FormKeys
{
    public static CallKey Of(HttpContext http, FormState form, Secrets secrets, string caller)
    {
        var parts = new List<string> { http.Request.Path.Value ?? "", caller };
        foreach (var field in form.Fields.Keys.Where(name => name is not ("_key" or "__RequestVerificationToken" or "credential" or "state")).Order(StringComparer.Ordinal))
        {
            parts.Add(field);
            parts.Add(form.Fields[field].ToString());
        }

        return new CallKey(caller, $"form/{form["_act"]}/{form.PostedKey}", secrets.Fingerprint([.. parts]));
    }
}
