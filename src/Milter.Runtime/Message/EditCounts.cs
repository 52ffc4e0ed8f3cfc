using System.Runtime.CompilerServices;

namespace Milter.Message;

/// <summary>The kinds of modifications that a plan sends.</summary>
internal enum EditKind
{
    /// <summary>A header field that was not there.</summary>
    HeaderAdd,

    /// <summary>A header field with another value.</summary>
    HeaderChange,

    /// <summary>A header field less.</summary>
    HeaderRemove,

    /// <summary>Another body, however many packets it takes.</summary>
    Body,

    /// <summary>A recipient more.</summary>
    RecipientAdd,

    /// <summary>A recipient less.</summary>
    RecipientRemove,

    /// <summary>Another sender.</summary>
    Sender,

    /// <summary>The message is held.</summary>
    Quarantine,

    /// <summary>A packet of <see cref="MessageActions"/>.</summary>
    Packet,
}

/// <summary>How many modifications of each kind a plan has sent.</summary>
internal struct EditCounts : IEquatable<EditCounts>
{
    public const int Kinds = (int)EditKind.Packet + 1;

    private Slots _counts;

    public readonly int Total
    {
        get
        {
            int total = 0;
            foreach (int count in _counts)
            {
                total += count;
            }

            return total;
        }
    }

    public readonly int this[EditKind kind] => _counts[(int)kind];

    public void Add(EditKind kind, int count = 1) => _counts[(int)kind] += count;

    public readonly bool Equals(EditCounts other)
    {
        for (int i = 0; i < Kinds; i++)
        {
            if (_counts[i] != other._counts[i])
            {
                return false;
            }
        }

        return true;
    }

    public override readonly bool Equals(object? obj) => obj is EditCounts other && Equals(other);

    public override readonly int GetHashCode() => Total;

    [InlineArray(Kinds)]
    private struct Slots
    {
        private int _first;
    }
}

/// <summary>One modification in words.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="What">The field's name, the address, the bytes of a body, the reason; empty where there is no more to say.</param>
internal readonly record struct ToldEdit(EditKind Kind, string What);

/// <summary>What becomes of a plan while it is written: counts, and words where somebody wants them.</summary>
/// <param name="told">Gets each modification in words; <see langword="null"/> where nobody reads them.</param>
internal struct EditTally(List<ToldEdit>? told)
{
    // A line of the log is for people.
    private const int MostTold = 20;

    private EditCounts _counts;

    public readonly EditCounts Counts => _counts;

    public void Add(EditKind kind, ReadOnlySpan<byte> what)
    {
        _counts.Add(kind);
        if (told is { Count: < MostTold })
        {
            told.Add(new ToldEdit(kind, Protocol.WireText.GetString(what)));
        }
    }

    /// <summary>Counts modifications of which only a number is known.</summary>
    public void Add(EditKind kind, int count, long number)
    {
        _counts.Add(kind, count);
        if (count > 0 && told is { Count: < MostTold })
        {
            told.Add(new ToldEdit(kind, number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
