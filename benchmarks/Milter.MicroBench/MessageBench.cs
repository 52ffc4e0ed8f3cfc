using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Milter.BenchFilter;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.MicroBench;

/// <summary>One whole small message through a session, bytes in to bytes out, by generated code, without a socket.</summary>
public class MessageBench
{
    private byte[] _message = [];
    private PlayedConversation? _session;

    /// <summary>Gets or sets the workload, as it is called under load.</summary>
    [Params("noop", "typical", "inspect", "inspect-nr", "rewrite")]
    public string Workload { get; set; } = "";

    /// <summary>Negotiates and says HELO; makes the message as the MTA would send it after that.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        switch (Workload)
        {
            case "noop":
                Begin<NoopFilter>();
                break;
            case "typical":
                Begin<TypicalFilter>();
                break;
            case "inspect":
                Begin<InspectFilter>();
                break;
            case "inspect-nr":
                Begin<QuietInspectFilter>();
                break;
            default:
                Begin<RewriteFilter>();
                break;
        }
    }

    /// <summary>The message, then the ABORT that Postfix sends after each.</summary>
    [Benchmark]
    public int Message() => Play(_message);

    private void Begin<T>()
        where T : class, IMilter<T>
    {
        _session = new PlayedConversation(SessionSettings.Of(MilterDescriptor.Of<T>(), static services => T.Create(services), new NoServices(), NullLogger.Instance, new MilterOptions()));
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        SmallMessage.WriteSession(frames, MilterDescriptor.Of<T>().Waived);
        Play(frames.WrittenSpan.ToArray());
        frames.Clear();
        SmallMessage.Write(frames, MilterDescriptor.Of<T>().Waived);
        _message = frames.WrittenSpan.ToArray();
    }

    private int Play(byte[] bytes) => _session!.Play(bytes);

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
