using System;
using Milter;

namespace Ordinary.AutoReplies;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End([Header("Auto-Submitted")] string? submitted, [Header("Precedence")] string? precedence, HeaderEditor headers)
    {
        bool isAutomatic = submitted is not null && !submitted.Trim().Equals("no", StringComparison.OrdinalIgnoreCase);
        if (isAutomatic || precedence?.Trim() is "bulk" or "junk")
        {
            headers.Set("X-Auto-Response-Suppress", "All");
        }
    }
}
