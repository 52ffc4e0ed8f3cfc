using System;
using Milter;

namespace Ordinary.MissingMessageId;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End([Header("Message-ID")] string? id, [Macro("j")] string? host, HeaderEditor headers)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            headers.Append("Message-ID", $"<{Guid.NewGuid():N}@{host}>");
        }
    }
}
