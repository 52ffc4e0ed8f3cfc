using Milter.Tests;
namespace Milter.Protocol.Tests;

/// <summary>Protects that a warm connection reads and writes frames without allocating.</summary>
/// <remarks>Not in parallel with others: under memory pressure the shared pool gives arrays up.</remarks>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true), Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private static readonly byte[][] s_frames = [.. GoldenVectors.Short.Keys.Select(GoldenVectors.Bytes)];

    [ReleaseFact]
    public void Reading_every_captured_frame_allocates_nothing()
    {
        int bytes = 0;
        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            foreach (byte[] frame in s_frames)
            {
                bytes += Touch(frame);
            }
        }));
        Assert.NotEqual(0, bytes);
    }

    [ReleaseFact]
    public void Refusing_a_payload_allocates_nothing() => Assert.Equal(0, Allocated.InSteadyState(() =>
    {
        for (byte code = 0; code < 128; code++)
        {
            Read(new Frame(code, default));
        }
    }));

    [ReleaseFact]
    public void Writing_replies_and_changes_into_a_warm_buffer_allocates_nothing()
    {
        using var buffer = new FrameBuffer();
        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            buffer.Clear();
            ReplyWriter.AddHeader(buffer, "X-Spam"u8, "no"u8);
            ReplyWriter.AddHeader(buffer, "Authentication-Results", "mx.example.test; dkim=pass header.d=\u00e9\udcff");
            ReplyWriter.ChangeSender(buffer, "<a@b>", "RET=HDRS");
            ReplyWriter.Progress(buffer);
            ReplyWriter.Write(buffer, MilterReply.Continue);
        }));
    }

    [ReleaseFact]
    public void Writing_long_text_into_a_warm_buffer_allocates_nothing()
    {
        using var buffer = new FrameBuffer();
        string value = new('x', 5_000);
        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            buffer.Clear();
            ReplyWriter.AddHeader(buffer, "X-Long", value);
        }));
    }

    [ReleaseFact]
    public void Writing_commands_into_a_warm_buffer_allocates_nothing()
    {
        using var buffer = new FrameBuffer();
        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            buffer.Clear();
            CommandWriter.OptNeg(buffer, 6, MilterActions.All, ProtocolSteps.Skip);
            CommandWriter.Connect(buffer, "localhost"u8, ClientFamily.IPv4, 25, "127.0.0.1"u8);
            CommandWriter.BeginMacros(buffer, MilterCommand.Mail).Add("i", "4B2F01");
            CommandWriter.Mail(buffer, "<a@b>", "SIZE=100", "BODY=8BITMIME");
            CommandWriter.Rcpt(buffer, "<a@b>"u8, "NOTIFY=NEVER"u8);
            CommandWriter.Header(buffer, "Subject", "hi");
            CommandWriter.EndOfMessage(buffer);
        }));
    }

    private static int Touch(byte[] bytes)
    {
        FrameReader.TryRead(bytes, MilterLimits.MaxPayload, out Frame frame, out int length);
        return length + Read(frame);
    }

    private static int Read(Frame frame)
    {
        ReadOnlySpan<byte> payload = frame.Payload;
        int touched = 0;
        if (OptNegPayload.TryRead(payload, out OptNegPayload negotiation, out _))
        {
            foreach (SymbolListEntry list in negotiation.SymbolLists)
            {
                touched += list.Names.Length;
            }
        }

        if (EnvelopePayload.TryRead(payload, out EnvelopePayload envelope, out _))
        {
            foreach (ReadOnlySpan<byte> argument in envelope.Arguments)
            {
                touched += argument.Length;
            }
        }

        if (MacroPayload.TryRead(payload, out MacroPayload macros, out _))
        {
            foreach (MacroEntry macro in macros)
            {
                touched += macro.Value.Length;
            }
        }

        touched += ConnectPayload.TryRead(payload, out ConnectPayload connect, out _) ? connect.PlainAddress.Length : 0;
        touched += HeaderPayload.TryRead(payload, out HeaderPayload header, out _) ? header.Value.Length : 0;
        touched += HeaderModification.TryRead(frame.Reply, payload, out HeaderModification change, out _) ? change.Value.Length : 0;
        touched += RecipientModification.TryRead(frame.Reply, payload, out RecipientModification rcpt, out _) ? rcpt.Address.Length : 0;
        touched += ReplyCodePayload.TryRead(payload, out ReplyCodePayload reply, out _) ? reply.Code : 0;
        return touched + TextPayload.Read(payload).Length;
    }
}
