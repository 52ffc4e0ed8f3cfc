using System.Collections.Immutable;

namespace Milter.Generators.Diagnostics;

/// <summary>What the header fields with a meaning have in common. A new one is one more row.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="OccursOnce">Whether a message has one at most (RFC 5322 section 3.6, RFC 2045).</param>
/// <param name="IsOfOthers">Whether others have put fields of that name there, each of which stands for itself: trace fields, signatures, results.</param>
internal sealed record HeaderFieldInfo(string Name, bool OccursOnce, bool IsOfOthers)
{
    public const string Received = "Received";
    public const string Bcc = "Bcc";

    private static readonly ImmutableArray<HeaderFieldInfo> s_all = ImmutableArray.CreateRange(
        new[]
            {
                "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Subject", "Date", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                "Content-Disposition", "Content-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
            }
            .Select(name => new HeaderFieldInfo(name, OccursOnce: true, IsOfOthers: false))
            .Concat(new[]
                {
                    Received, "DKIM-Signature", "DomainKey-Signature", "Authentication-Results", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "Received-SPF",
                    "Resent-From", "Resent-To", "Resent-Date", "Resent-Message-ID",
                }
                .Select(name => new HeaderFieldInfo(name, OccursOnce: false, IsOfOthers: true))));

    public static HeaderFieldInfo? Find(string? name) => s_all.FirstOrDefault(field => Is(field.Name, name));

    /// <summary>Says whether two names are one: names compare without case.</summary>
    public static bool Is(string name, string? other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
