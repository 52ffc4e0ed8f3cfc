using System.Buffers;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Mta;

/// <summary>Spreads what is sent over writes, always the same way for one seed: packets mean nothing to a stream.</summary>
internal sealed class PieceWriter(MtaSocket socket, SessionPlan plan)
{
    private const int MostSingleBytes = 400;

    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly Random _random = new(plan.Seed);

    public void Add(ReadOnlySpan<byte> bytes) => _pending.Write(bytes);

    public void Flush()
    {
        ReadOnlySpan<byte> rest = _pending.WrittenSpan;
        int small = plan.Writing == Writing.ByteByByte && rest.Length <= MostSingleBytes ? 1 : 0;
        while (!rest.IsEmpty)
        {
            int count = plan.Writing == Writing.Whole ? rest.Length : small > 0 ? small : _random.Next(1, rest.Length + 1);
            socket.Send(rest[..count]);
            rest = rest[count..];
        }

        _pending.ResetWrittenCount();
    }
}
