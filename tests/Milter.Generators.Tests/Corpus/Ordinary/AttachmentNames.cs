using System;
using System.IO;
using Milter;

namespace Ordinary.AttachmentNames;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_executable = Verdict.Reject(552, "5.7.1", "Executable attachments are not taken here");

    [OnEom]
    private static Verdict End(MessageBody body)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        using var reader = new StreamReader(body.OpenRead());
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains("filename=", StringComparison.OrdinalIgnoreCase) && line.TrimEnd('"', ' ').EndsWith(".exe", StringComparison.OrdinalIgnoreCase))
            {
                return s_executable;
            }
        }

        return Verdict.Continue;
    }
}
