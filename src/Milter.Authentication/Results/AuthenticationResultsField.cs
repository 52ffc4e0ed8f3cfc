using Milter.Auth;

namespace Milter;

/// <summary>A field Authentication-Results, read (RFC 8601): what a host says that it has found.</summary>
/// <remarks>Anybody can write such a field. Believe only those that a host of your own has added behind the point where strangers' fields of its name are removed.</remarks>
public sealed class AuthenticationResultsField
{
    private AuthenticationResultsField(string authservId, IReadOnlyList<AuthenticationMethodResult> results)
    {
        AuthservId = authservId;
        Results = results;
    }

    /// <summary>Gets the name of the host that tells.</summary>
    public string AuthservId { get; }

    /// <summary>Gets the results, in order.</summary>
    /// <value>Empty where the host has found nothing (<c>none</c>).</value>
    public IReadOnlyList<AuthenticationMethodResult> Results { get; }

    /// <summary>Reads the value of a field. Where a result can't be read, it alone is left out.</summary>
    /// <param name="value">The value, folded or not.</param>
    /// <param name="field">The field.</param>
    /// <returns>Whether it has a name at least.</returns>
    public static bool TryParse(string? value, out AuthenticationResultsField? field)
    {
        field = null;
        var reader = new ResultsReader(value ?? "");
        if (reader.AuthservId() is not { } id)
        {
            return false;
        }

        var results = new List<AuthenticationMethodResult>();
        while (reader.NextResult(out AuthenticationMethodResult? result))
        {
            if (result is not null)
            {
                results.Add(result);
            }
        }

        field = new AuthenticationResultsField(id, results);
        return true;
    }

    /// <summary>Says whether a field claims to be of a host: in any case, quoted or not, behind comments.</summary>
    /// <param name="value">The value of the field.</param>
    /// <param name="authservId">The host's name.</param>
    /// <returns>Whether it does.</returns>
    public static bool Claims(string? value, string authservId)
    {
        ArgumentNullException.ThrowIfNull(authservId);
        return new ResultsReader(value ?? "").AuthservId() is { } id && id.TrimEnd('.').Equals(authservId.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What a field says of one method.</summary>
/// <param name="Method">The method, such as <c>spf</c>, in lower case.</param>
/// <param name="Result">The result, such as <c>pass</c>, in lower case.</param>
/// <param name="Reason">The reason, where one is given.</param>
/// <param name="Properties">What was judged: names such as <c>smtp.mailfrom</c> in lower case, with their values.</param>
public sealed record AuthenticationMethodResult(string Method, string Result, string? Reason, IReadOnlyDictionary<string, string> Properties);
