using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>The members by which verdicts are made, in one table. A new one is one more row.</summary>
internal static class VerdictMembers
{
    public const string Continue = nameof(Continue);
    public const string Accept = nameof(Accept);
    public const string Discard = nameof(Discard);
    public const string Reject = nameof(Reject);
    public const string TempFail = nameof(TempFail);

    private static readonly Dictionary<string, string> s_kinds = new(StringComparer.Ordinal)
    {
        [Continue] = Continue,
        [Accept] = Accept,
        [Discard] = Discard,
        ["Skip"] = "Skip",
        [Reject] = Reject,
        [TempFail] = TempFail,
        ["RejectCleaned"] = Reject,
        ["TempFailCleaned"] = TempFail,
    };

    /// <summary>The kind of the verdict that an expression makes on the spot; <see langword="null"/> for everything else.</summary>
    public static string? KindOf(IOperation? operation) => operation?.Bare() switch
    {
        IPropertyReferenceOperation { Property: { IsStatic: true, Name: var name, ContainingType: { } type } } => Find(name, type),
        IInvocationOperation { TargetMethod: { IsStatic: true, Name: var name, ContainingType: { } type } } => Find(name, type),
        _ => null,
    };

    /// <summary>Says whether a call makes a reply with words, which it checks.</summary>
    public static bool IsReply(IInvocationOperation call) => call.TargetMethod.Parameters.Length > 0 && KindOf(call) is Reject or TempFail;

    /// <summary>Says whether a call makes a reply of words that it checks, and throws where they are not fit; not one that takes any.</summary>
    public static bool IsChecked(IInvocationOperation call) => IsReply(call) && call.TargetMethod.Name is Reject or TempFail;

    private static string? Find(string name, INamedTypeSymbol type) => s_kinds.TryGetValue(name, out string? kind) && type.Is(RuntimeNames.Verdict) ? kind : null;
}
