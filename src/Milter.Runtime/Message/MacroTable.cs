using System.Numerics;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>The macros that the MTA has sent, a set a command, kept as they came until their scope ends.</summary>
/// <remarks>
/// Unlike libmilter, a message's macros end with the message, so that the queue id of one never shows in the next;
/// and a name is found with or without its braces.
/// </remarks>
internal sealed class MacroTable
{
    // In the order in which they are looked up: the latest stage first.
    private readonly MacroSet[] _sets =
    [
        new(MilterCommand.Unknown), new(MilterCommand.EndOfMessage), new(MilterCommand.Body), new(MilterCommand.EndOfHeaders),
        new(MilterCommand.Header), new(MilterCommand.Data), new(MilterCommand.Rcpt), new(MilterCommand.Mail),
        new(MilterCommand.Helo), new(MilterCommand.Connect),
    ];

    private const int RcptPlace = 6;
    private const int FirstOfSession = 8;

    /// <summary>Replaces the set of one command. Macros of an unknown command are left out, as libmilter does.</summary>
    public void Store(MilterCommand command, ReadOnlySpan<byte> payload)
    {
        foreach (ref MacroSet set in _sets.AsSpan())
        {
            if (set.Command == command)
            {
                set.Store(payload);
                return;
            }
        }
    }

    /// <summary>Looks a macro up, from the latest stage to the earliest.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name, out bool found)
    {
        name = WithoutBraces(name);
        foreach (ref readonly MacroSet set in _sets.AsSpan())
        {
            if (set.TryFind(name, out ReadOnlySpan<byte> value))
            {
                found = true;
                return value;
            }
        }

        found = false;
        return default;
    }

    /// <summary>Makes another of the same, which goes on alone.</summary>
    public MacroTable Copy()
    {
        var copy = new MacroTable();
        for (int i = 0; i < _sets.Length; i++)
        {
            copy._sets[i].Store(_sets[i].Payload);
        }

        return copy;
    }

    /// <summary>Forgets the macros of the message.</summary>
    public void EndMessage() => Clear(0, FirstOfSession);

    /// <summary>Forgets what belongs to stages after RCPT, when another recipient comes.</summary>
    public void EndRecipients() => Clear(0, RcptPlace);

    /// <summary>Forgets the macros of one HEADER, BODY or UNKNOWN, which end with it (libmilter never keeps them).</summary>
    public void EndStep(MilterCommand command)
    {
        foreach (ref MacroSet set in _sets.AsSpan())
        {
            if (set.Command == command)
            {
                set.Clear();
                return;
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void EndSession() => Clear(0, _sets.Length);

    private static ReadOnlySpan<byte> WithoutBraces(ReadOnlySpan<byte> name) =>
        name is [(byte)'{', .., (byte)'}'] ? name[1..^1] : name;

    private void Clear(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _sets[i].Clear();
        }
    }

    private struct MacroSet(MilterCommand command)
    {
        // Most sets of a stage fit into this.
        private const int LeastBytes = 64;

        // An idle connection should not hold the memory of its oddest message.
        private const int MostKept = 1024;

        private byte[] _payload = [];
        private int _length;

        public readonly MilterCommand Command => command;

        public readonly ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _length);

        public void Clear()
        {
            _length = 0;
            if (_payload.Length > MostKept)
            {
                _payload = [];
            }
        }

        public void Store(ReadOnlySpan<byte> payload)
        {
            if (_payload.Length < payload.Length)
            {
                _payload = new byte[Math.Max(LeastBytes, (int)BitOperations.RoundUpToPowerOf2((uint)payload.Length))];
            }

            payload.CopyTo(_payload);
            _length = payload.Length;
        }

        public readonly bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
        {
            if (_length > 1 && MacroPayload.TryRead(_payload.AsSpan(0, _length), out MacroPayload macros, out _))
            {
                foreach (MacroEntry macro in macros)
                {
                    if (WithoutBraces(macro.Name).SequenceEqual(name))
                    {
                        value = macro.Value;
                        return true;
                    }
                }
            }

            value = default;
            return false;
        }
    }
}
