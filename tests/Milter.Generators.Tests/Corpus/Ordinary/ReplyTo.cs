using System;
using Milter;

namespace Ordinary.ReplyTo;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static Verdict End([Header("From")] string? from, [Header("Reply-To")] string? replyTo, HeaderEditor headers, Quarantine? quarantine)
    {
        if (from is null || replyTo is null || DomainOf(from).Equals(DomainOf(replyTo), StringComparison.OrdinalIgnoreCase))
        {
            return Verdict.Continue;
        }

        headers.Prepend("X-Reply-To-Differs", "yes");
        quarantine?.Hold("Reply-To is of another domain");
        return Verdict.Continue;
    }

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].TrimEnd('>', ' ');
}
