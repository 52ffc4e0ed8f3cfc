using System.Diagnostics.CodeAnalysis;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>One connection's conversation with an MTA.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "stub")]
internal sealed partial class MilterSession
{
    public ReadOnlyMemory<byte> StepData { get; private set; }

    public ReadOnlyMemory<byte> StepName => default;

    public EnvelopeAddress StepAddress => new();

    public ConnectInfo? Connect => null;

    public ConnectInfo ConnectOrUnknown => new();

    public bool HasHelo => false;

    public ReadOnlyMemory<byte> Helo => default;

    public MessageState Message { get; } = new();

    public EditPlan Plan { get; } = new();

    public Authentication? Authentication => null;

    public TlsInfo? Tls => null;

    public MilterContext Context { get; } = new();

    public MessageOutcome Outcome { get; private set; }

    public (MilterActions Actions, ProtocolSteps Steps) Agreed => default;

    public bool AllSkipped => false;

    public ReadOnlySpan<byte> Macro(int slot, out bool found)
    {
        found = false;
        return default;
    }

    public T Service<T>()
        where T : notnull => throw new InvalidOperationException();

    public T? ServiceOrNull<T>()
        where T : class => null;

    public bool HasSkipped(int consumer) => false;

    public void MarkSkipped(int consumer)
    {
    }
}
