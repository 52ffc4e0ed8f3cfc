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
        using var session = new PlayedConversation(SessionSettings.Of(MilterDescriptor.Of<Quickstart.ExternalTagger>(), _ => new Quickstart.ExternalTagger(rules), new Nothing(), NullLogger.Instance, new MilterOptions()));
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        CommandWriter.Connect(frames, "mail.shop.example"u8, ClientFamily.IPv4, 1234, "203.0.113.7"u8);
        session.Play(frames.WrittenMemory);
        frames.Clear();
        CommandWriter.Mail(frames, "<orders@shop.example>");
        CommandWriter.Header(frames, "From", "Example Shop <orders@shop.example>");
        CommandWriter.Header(frames, "To", "Anna <anna@example.net>");
        CommandWriter.Header(frames, "Subject", "Your order 4711 is on its way");
        CommandWriter.EndOfMessage(frames);

        long bytes = Allocated.InSteadyState(() => session.Play(frames.WrittenMemory)) / 1_000;

        output.WriteLine($"The Quickstart allocates {bytes} bytes for a message that it tags.");
        Assert.Equal(BytesOfTaggedMessage, bytes);
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
