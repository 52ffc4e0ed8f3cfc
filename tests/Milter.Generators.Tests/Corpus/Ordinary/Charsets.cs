using System;
using Milter;

namespace Ordinary.Charsets;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static Verdict End(MessageHeaders headers, HeaderEditor editor)
    {
        foreach (HeaderField field in headers)
        {
            if (field.Is("Content-Type"u8) && field.ValueText.Contains("charset=utf-7", StringComparison.OrdinalIgnoreCase))
            {
                editor.Set("X-Charset-Warning", "UTF-7");
            }
        }

        return Verdict.Continue;
    }
}
