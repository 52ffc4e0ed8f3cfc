using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Filters;

/// <summary>Something that a faulty filter could do. Each is one change to what a filter sends on a connection.</summary>
public enum Tampering
{
    /// <summary>Refuses where the filter lets pass, or the other way round.</summary>
    FlipVerdict,

    /// <summary>Says nothing where a verdict is due.</summary>
    DropVerdict,

    /// <summary>Gives a verdict twice.</summary>
    DoubleVerdict,

    /// <summary>Sends two edits the other way round.</summary>
    SwapEdits,

    /// <summary>Leaves an edit out.</summary>
    DropEdit,

    /// <summary>Changes one byte of an edit.</summary>
    ChangeEdit,

    /// <summary>Adds an edit.</summary>
    AddEdit,

    /// <summary>Changes one byte of a reply's text.</summary>
    ChangeReply,

    /// <summary>Agrees to an action less.</summary>
    ForgetAction,

    /// <summary>Says an older version.</summary>
    ChangeVersion,

    /// <summary>Sends a verdict before an edit.</summary>
    VerdictBeforeEdit,

    /// <summary>Waives the replies to RCPT, and sends them all the same.</summary>
    WaiveAndReply,

    /// <summary>Closes the connection instead of giving a verdict.</summary>
    CloseEarly,

    /// <summary>Sends a byte more when all is over.</summary>
    ByteAtTheEnd,
}

/// <summary>Does the tampering on one connection, once.</summary>
internal sealed class Tamperer(Tampering tampering, Random random)
{
    private readonly List<Packet> _held = [];
    private int _countdown = random.Next(0, 3);

    /// <summary>Whether anything was changed.</summary>
    public bool HasTampered { get; private set; }

    /// <summary>Whether the connection is to be closed now.</summary>
    public bool Closes { get; private set; }

    /// <summary>Takes a packet of the filter and gives what is sent in its place.</summary>
    public IReadOnlyList<Packet> Pass(Packet packet)
    {
        if (HasTampered)
        {
            return [packet];
        }

        IReadOnlyList<Packet> passed = packet switch
        {
            { Code: 'O' } => [Negotiation(packet)],
            { IsVerdict: true } => Verdict(packet),
            _ => Edit(packet),
        };
        return passed;
    }

    private IReadOnlyList<Packet> Verdict(Packet packet)
    {
        IReadOnlyList<Packet> changed = tampering switch
        {
            Tampering.FlipVerdict => [packet.Code == 'c' ? new Packet('r', "") : new Packet('c', "")],
            Tampering.DropVerdict or Tampering.CloseEarly => [],
            Tampering.DoubleVerdict => [packet, packet],
            Tampering.ChangeReply when packet.Code == 'y' => [packet with { Payload = Changed(packet.Payload) }],
            Tampering.AddEdit when _held.Count > 0 => [new Packet('h', "X-Added\0v\0"), packet],
            Tampering.VerdictBeforeEdit when _held.Count > 0 => [packet, .. _held],
            _ => [packet],
        };

        bool waits = changed is [var only] && only == packet;
        if (waits || (_held.Count == 0 && _countdown-- > 0))
        {
            return Release(packet);
        }

        HasTampered = true;
        Closes = tampering == Tampering.CloseEarly;
        IReadOnlyList<Packet> passed = tampering == Tampering.VerdictBeforeEdit ? changed : [.. _held, .. changed];
        _held.Clear();
        return passed;
    }

    // Edits are held back until the verdict: what is done to them depends on how many there are.
    private IReadOnlyList<Packet> Edit(Packet packet)
    {
        _held.Add(packet);
        return [];
    }

    private IReadOnlyList<Packet> Release(Packet verdict)
    {
        int at = _held.Count > 0 ? random.Next(_held.Count) : 0;
        switch (tampering)
        {
            case Tampering.SwapEdits when _held.Count > 1 && _held[0] != _held[^1]:
                (_held[0], _held[^1]) = (_held[^1], _held[0]);
                HasTampered = true;
                break;
            case Tampering.DropEdit when _held.Count > 0:
                _held.RemoveAt(at);
                HasTampered = true;
                break;
            case Tampering.ChangeEdit when _held.Count > 0 && _held[at].Payload.Length > 0:
                _held[at] = _held[at] with { Payload = Changed(_held[at].Payload) };
                HasTampered = true;
                break;
        }

        IReadOnlyList<Packet> passed = [.. _held, verdict];
        _held.Clear();
        return passed;
    }

    private Packet Negotiation(Packet packet)
    {
        char[] payload = packet.Payload.ToCharArray();
        switch (tampering)
        {
            case Tampering.ForgetAction when payload[7] != 0:
                payload[7] &= (char)(payload[7] - 1);
                HasTampered = true;
                break;
            case Tampering.ChangeVersion:
                payload[3]++;
                HasTampered = true;
                break;
            case Tampering.WaiveAndReply:
                payload[10] |= (char)0x80;
                HasTampered = true;
                break;
        }

        return packet with { Payload = new string(payload) };
    }

    private string Changed(string payload)
    {
        int at = random.Next(payload.Length);
        return payload[..at] + (char)(payload[at] ^ 1) + payload[(at + 1)..];
    }
}
