using Milter.Limits;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that collecting a message allocates nothing once a connection is warm, and neither does reading it as bytes.</summary>
/// <remarks>Not in parallel with others: under memory pressure the shared pool gives arrays up.</remarks>
[CollectionDefinition(nameof(CollectingAllocationTests), DisableParallelization = true), Collection(nameof(CollectingAllocationTests))]
public sealed class CollectingAllocationTests
{
    private readonly MessageState _message = new(Told.Descriptor("Subject", "X-Spam"), Told.Options, new ProcessLimits(Told.Options));
    private readonly byte[] _mail = Told.Payload("<sender@example.org>", "SIZE=1000", "BODY=8BITMIME");
    private readonly byte[] _rcpt = Told.Payload("<\"some one\"@example.org>", "NOTIFY=NEVER");
    private readonly byte[] _chunk = new byte[20_000];

    [SkippableFact]
    public void Collecting_and_reading_a_message_as_bytes_allocates_nothing()
    {
#if DEBUG
        Skip.If(true, "Allocations are only counted in optimized code; run with -c Release.");
#endif
        Assert.Equal(0, InSteadyState(() =>
        {
            Collect();
            MessageEnvelope envelope = _message.Envelope;
            Assert.False(envelope.Sender.IsNull || !envelope.Sender.Arguments.Contains("BODY") || envelope.Recipients[19].AddressBytes.IsEmpty);
            int length = 0;
            foreach (HeaderField field in _message.Headers)
            {
                length += field.Is("X-Number-7") ? field.Value.Length : 0;
            }

            Assert.False(length == 0 || _message.NamedHeaders.Value(0).IsEmpty || !_message.Body.TryGetMemory(out _));
            _message.Reset();
        }));
    }

    [SkippableFact]
    public void The_client_and_an_empty_plan_allocate_nothing()
    {
#if DEBUG
        Skip.If(true, "Allocations are only counted in optimized code; run with -c Release.");
#endif
        byte[] connect = [.. "mail.example.org"u8, 0, (byte)'4', 0, 25, .. "192.0.2.1"u8, 0];
        var info = new ConnectInfo();
        var bench = new PlanBench(_message);
        using var output = new Outbox(int.MaxValue, new ByteBudget(0));
        var sink = new Everything();
        Assert.Equal(0, InSteadyState(() =>
        {
            ConnectPayload.TryRead(connect, out ConnectPayload payload, out _);
            info.Set(payload);
            Collect();
            bench.Begin();
            bench.Plan.HeaderEditor.Prepend("X"u8, "1"u8);
            bench.Plan.HeaderEditor.Set("Subject"u8, "new"u8);
            bench.Plan.WriteTo(output, Verdict.Accept);
            bench.Plan.Reset();
            output.Flush(sink);
        }));
    }

    private static long InSteadyState(Action action)
    {
        for (int i = 0; i < 200; i++)
        {
            action();
        }

        // Tiered compilation may allocate in between once; a leak shows in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private void Collect()
    {
        _message.Begin();
        _message.Envelope.SetSender(_mail);
        for (int i = 0; i < 20; i++)
        {
            _message.Envelope.AddRecipient(_rcpt);
        }

        Add("Subject"u8, "Hello there"u8);
        for (int i = 0; i < 30; i++)
        {
            Add("X-Number-7"u8, "a value that is somewhat longer,\n and folded"u8);
        }

        _message.Body.Append(_chunk);
        _message.Body.Append(_chunk);
        _message.Body.Complete(cutBySkip: false);
    }

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _message.Headers.Add(name, value, namesOnly: false);
        _message.NamedHeaders.Offer(name, value);
    }

    private sealed class Everything : IByteSink
    {
        public int TryWrite(ReadOnlySpan<byte> bytes) => bytes.Length;
    }
}
