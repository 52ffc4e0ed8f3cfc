using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;
using Quickstart;
using Xunit.Abstractions;

namespace Milter.Samples.Tests;

/// <summary>Protects the README's figure: what the Quickstart's strings cost, by exact count.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    /// <summary>Bytes for the message below; the README quotes it.</summary>
    private const int BytesOfTaggedMessage = 224;

    [ReleaseFact]
    public void A_message_that_is_tagged_costs_what_the_README_says()
    {
        var rules = new TaggerRules(Options.Create(new TaggerOptions { Words = ["lottery"] }));
        var session = new MilterSession(
            new SessionSettings { Descriptor = MilterDescriptor.Of<Quickstart.ExternalTagger>(), Create = _ => new Quickstart.ExternalTagger(rules), Services = new Nothing(), Logger = NullLogger.Instance },
            new Deaf(),
            "c1",
            "test");
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        CommandWriter.Connect(frames, "mail.shop.example"u8, ClientFamily.IPv4, 1234, "203.0.113.7"u8);
        Play(session, frames);
        frames.Clear();
        CommandWriter.Mail(frames, "<orders@shop.example>");
        CommandWriter.Header(frames, "From", "Example Shop <orders@shop.example>");
        CommandWriter.Header(frames, "To", "Anna <anna@example.net>");
        CommandWriter.Header(frames, "Subject", "Your order 4711 is on its way");
        CommandWriter.EndOfMessage(frames);

        long bytes = Allocated.InSteadyState(() => Play(session, frames)) / 1_000;

        output.WriteLine($"The Quickstart allocates {bytes} bytes for a message that it tags.");
        Assert.Equal(BytesOfTaggedMessage, bytes);
    }

    private static void Play(MilterSession session, FrameBuffer frames)
    {
        SessionStatus status = session.Process(frames.WrittenMemory, out int consumed);
        if (status != SessionStatus.NeedMore || consumed != frames.Length || session.Output.Length == 0)
        {
            throw new InvalidOperationException($"{status}, {consumed} of {frames.Length} bytes used, {session.Output.Length} bytes owed");
        }

        session.Output.Clear();
    }

    private sealed class Deaf : ISessionHost
    {
        public void SendNow(ReadOnlySpan<byte> frames)
        {
        }
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
