using System;
using Milter;

namespace Ordinary.Disclaimer;

[Milter]
public sealed partial class Filter
{
    private const string Text = "\r\n-- \r\nThis message is for its recipients only.\r\n";

    [OnEom]
    private static Verdict End(MessageBody body, [Header("Content-Type")] string? type, Authentication? login, BodyEditor editor)
    {
        if (login is null || !body.TryGetMemory(out var bytes) || type?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == false)
        {
            return Verdict.Continue;
        }

        editor.Replace(bytes);
        editor.Append(Text);
        return Verdict.Accept;
    }
}
