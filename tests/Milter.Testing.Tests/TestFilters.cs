using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Milter.Testing.Tests;

/// <summary>Puts what it sees into a header field, and makes an edit of each kind.</summary>
[Milter]
public sealed partial class Editing
{
    [OnEom]
    public Verdict End(
        HeaderEditor headers,
        EnvelopeEditor envelope,
        BodyEditor body,
        MilterContext context,
        [Macro("{auth_authen}")] string? login,
        [Macro("{client_addr}")] string? address,
        [Helo] string? helo)
    {
        headers.Prepend("X-Top", $"{login ?? "nobody"} {address} {helo} {context.QueueId}");
        headers.Append("X-End", "last");
        headers.RemoveAll("X-Old");
        envelope.AddRecipient("archive@example.test");
        body.Replace("new body\r\n");
        return Verdict.Continue;
    }
}

/// <summary>Refuses one recipient, and counts messages of the session.</summary>
[Milter]
public sealed partial class Choosy
{
    private int _messages;

    [OnRcpt]
    public Verdict Rcpt(EnvelopeAddress to) => to.Address.StartsWith("no", StringComparison.Ordinal) ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;

    [OnEom]
    public Verdict End(HeaderAdder headers)
    {
#pragma warning disable MILTER110 // It counts the messages of its session: that is what it is for.
        headers.Add("X-Count", (++_messages).ToString(System.Globalization.CultureInfo.InvariantCulture));
#pragma warning restore MILTER110
        return Verdict.Continue;
    }
}

/// <summary>Has a mistake: it decides by a macro that only one MTA sends.</summary>
[Milter]
public sealed partial class PostfixOnly
{
    [OnEom]
    public Verdict End([Macro("v")] string? software) =>
        software?.StartsWith("Postfix", StringComparison.Ordinal) == true ? Verdict.Continue : Verdict.Reject(550, "5.7.1", "Wrong MTA");
}

/// <summary>Looks something up, which takes time.</summary>
public interface ILookup
{
    Task<bool> IsListedAsync(string address, CancellationToken cancellation);
}

[Milter]
public sealed partial class LookingUp(ILookup lookup)
{
    [OnEom]
    public async Task<Verdict> End(MessageEnvelope envelope, CancellationToken cancellation) =>
        await lookup.IsListedAsync(envelope.Sender?.Address ?? "", cancellation) ? Verdict.Reject(550, "5.7.1", "Listed") : Verdict.Accept;
}

/// <summary>Throws.</summary>
[Milter]
public sealed partial class Throwing
{
    [OnEom]
    [SuppressMessage("Design", "CA1065", Justification = "That is its purpose.")]
    public Verdict End() => throw new InvalidOperationException("out of order");
}

/// <summary>Wants the body, in chunks and whole.</summary>
[Milter]
public sealed partial class BodyReader(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("BodyReader");

    [PerMessage]
    private int _bytes;

    [OnBody]
    public void Chunk(ReadOnlySpan<byte> chunk) => _bytes += chunk.Length;

    [OnAbort]
    public void GivenUp() => _log.Log(LogLevel.Information, default, "given up", null, static (text, _) => text);

    [OnEom]
    public Verdict End(HeaderAdder headers)
    {
        headers.Add("X-Bytes", _bytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Verdict.Continue;
    }
}

/// <summary>Logs by its own name.</summary>
[Milter]
public sealed partial class Logging(ILogger<Logging> log)
{
    [OnEom]
    public Verdict End()
    {
        Seen(log);
        return Verdict.Continue;
    }

    [LoggerMessage(1, LogLevel.Information, "seen at the end")]
    private static partial void Seen(ILogger log);
}
