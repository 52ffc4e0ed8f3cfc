using Milter.Protocol;

namespace Milter.Samples.Probe;

/// <summary>
/// A filter that does what the mail passing through it says: any verdict at any stage, any action, an echo of all that it has
/// seen. Its twin on libmilter is <c>tests/conformance/probe.c</c>; every MTA and every test can hold one against the other.
/// </summary>
/// <remarks>
/// A test tool, not a filter to learn from: it waits everywhere, and takes the raw <see cref="MessageActions"/>, because it has to
/// reach what well-behaved filters have no use for. What a message says is gone with it: <see cref="PerMessageAttribute"/>.
/// </remarks>
internal abstract class ProbeFilter
{
    [PerMessage]
    private protected ProbeMessage Message { get; } = new();

    [OnConnect]
    protected Verdict Connect(ConnectInfo client) =>
        VerdictWord.BeforeEnd(client.HostName, ".connect.probe.test", Allowed.Accept);

    [OnHelo]
    protected Verdict Helo(string name) =>
        VerdictWord.BeforeEnd(name, ".helo.probe.test", Allowed.Accept);

    [OnMail]
    protected Verdict Mail(EnvelopeAddress from)
    {
        Message.Begin(from);
        return VerdictWord.LocalPart(from.Raw, "@mail.probe.test");
    }

    [OnRcpt]
    protected Verdict Rcpt(string to)
    {
        Message.Recipients.Add(to);
        return VerdictWord.LocalPart(to, "@rcpt.probe.test");
    }

    [OnData]
    protected Verdict Data() => VerdictWord.Read(Message.AtData, Allowed.OfMessage);

    [OnHeader]
    protected Verdict Header(HeaderField field) => VerdictWord.Read(Message.Take(field), Allowed.OfMessage);

    [OnEoh]
    protected Verdict EndOfHeaders() => VerdictWord.Read(Message.AtEndOfHeaders, Allowed.OfMessage);

    [OnBody]
    protected Verdict Body(ReadOnlySpan<byte> chunk, MilterContext context)
    {
        Message.Body += chunk.Length;
        Message.Crc = Crc32.Append(Message.Crc, chunk);

        // Skip also means that this handler is not asked again. The probe is to see all that comes where the MTA can't be told to stop.
        Allowed skip = context.Steps.HasFlag(ProtocolSteps.Skip) ? Allowed.Skip : Allowed.None;
        return VerdictWord.Read(Message.AtBody, Allowed.OfMessage | skip);
    }

    [OnEom]
    protected Verdict EndOfMessage(
        ConnectInfo? client,
        [Helo] string? helo,
        MilterContext context,
        MessageActions actions)
    {
        var run = new ActionRun(actions, context, () => Echo.Line(client, helo, Message));
        foreach (string action in Message.Actions)
        {
            run.CarryOut(action);
        }

        return VerdictWord.Read(Message.AtEndOfMessage, Allowed.OfMessage);
    }

    [OnUnknown]
    protected Verdict Unknown(string command) =>
        command.StartsWith("PROBE ", StringComparison.Ordinal) ? VerdictWord.Read(command["PROBE ".Length..], Allowed.None) : Verdict.Continue;

    // Nothing is left to be done in these two: the engine resets what is [PerMessage]. They are here so that they run.
    [OnAbort]
    protected void Abort() => Message.Reset();

    [OnClose]
    protected void Close() => Message.Reset();
}
