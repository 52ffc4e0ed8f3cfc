using Milter.Auth;

namespace Milter;

/// <summary>What came of a chain of intermediaries (ARC, RFC 8617): each says what it has found, and seals it together with what was said before.</summary>
/// <remarks>A chain that holds says who has had the message, not that any of them is to be believed.</remarks>
public sealed class ArcResult
{
    internal ArcResult(AuthResult result, string reason, IReadOnlyList<ArcSet> sets)
    {
        Result = result;
        Reason = reason;
        Sets = sets;
    }

    /// <summary>Gets the result: <see cref="AuthResult.None"/>, <see cref="AuthResult.Pass"/>, <see cref="AuthResult.Fail"/> or <see cref="AuthResult.TempError"/>.</summary>
    public AuthResult Result { get; }

    /// <summary>Gets why, in words.</summary>
    public string Reason { get; }

    /// <summary>Gets the intermediaries, the first one first.</summary>
    public IReadOnlyList<ArcSet> Sets { get; }

    /// <summary>Gives the result with its reason, for logs.</summary>
    /// <returns>Such as <c>pass (3 sets)</c>.</returns>
    public override string ToString() => $"{Result.Word()} ({Reason})";
}

/// <summary>What one intermediary has added.</summary>
/// <param name="Instance">Its number, from 1.</param>
/// <param name="Domain">The domain that has sealed.</param>
/// <param name="Selector">The selector of its key.</param>
/// <param name="AuthenticationResults">What it has found, as it wrote it; see <see cref="AuthenticationResultsField"/>.</param>
public sealed record ArcSet(int Instance, string Domain, string Selector, string AuthenticationResults);
