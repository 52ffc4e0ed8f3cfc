using Milter.Mime;
using MimeKit;

namespace Milter.ContentBench;

/// <summary>Reads the body through, and has MimeKit parse the message: what a look at parts can't be cheaper than.</summary>
[Milter]
internal sealed partial class FloorFilter
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    [OnEom]
    private async Task End(MessageHeaders headers, MessageBody body)
    {
        using var header = new MemoryStream();
        foreach (HeaderField field in headers)
        {
            header.Write(field.Name);
            header.Write(": "u8);
            header.Write(field.Value);
            header.Write("\r\n"u8);
        }

        header.Write("\r\n"u8);
        await using Stream read = body.OpenRead();
        while (await read.ReadAsync(_buffer) > 0)
        {
        }

        header.Position = 0;
        await using Stream parsed = body.OpenRead();
        using var whole = new MimeKit.IO.ChainedStream();
        whole.Add(header);
        whole.Add(parsed);
        using MimeMessage message = await new MimeParser(whole, MimeFormat.Entity).ParseMessageAsync();
    }
}

/// <summary>Takes the parts, looks at their names, and changes nothing.</summary>
[Milter]
internal sealed partial class LookFilter
{
    [OnEom]
    private static void End(MailParts parts) => _ = parts.WithExtension("exe").Count();
}

/// <summary>Takes MimeKit's tree and changes nothing.</summary>
[Milter]
internal sealed partial class TreeFilter
{
    [OnEom]
    private static void End(MimeMessage message) => _ = message.Subject;
}

/// <summary>Replaces the second part by a notice.</summary>
[Milter]
internal sealed partial class ReplaceFilter
{
    [OnEom]
    private static void End(MailParts parts) => parts.Find("1.2")?.ReplaceWithNotice("This part was removed.\r\n");
}

/// <summary>Verifies signatures and says so, as OpenDKIM does.</summary>
[Milter]
internal sealed partial class VerifyFilter
{
    [OnEom]
    private static async ValueTask End(SenderAuthentication sender, HeaderEditor header)
    {
        IReadOnlyList<DkimResult> results = await sender.GetDkimAsync();
        header.Prepend("Authentication-Results", $"bench.example; dkim={(results is [{ Result: AuthResult.Pass }] ? "pass" : "fail")}");
    }
}

/// <summary>Judges SPF, DKIM and DMARC, and writes them.</summary>
[Milter]
internal sealed partial class JudgeFilter
{
    [OnEom]
    private static async ValueTask End(SenderAuthentication sender, HeaderEditor header) => await sender.WriteResultsAsync(header);
}
