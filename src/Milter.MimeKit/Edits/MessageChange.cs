namespace Milter.Mime.Edits;

/// <summary>A change of a field of the message itself.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Occurrence">Which of that name, from 1, as the message came; <see cref="AtEnd"/> or <see cref="OnTop"/> for a new field.</param>
/// <param name="Value">What stands behind the colon, or <see langword="null"/> where the field goes.</param>
internal sealed record FieldChange(string Name, int Occurrence, byte[]? Value)
{
    public const int AtEnd = 0, OnTop = -1;
}

/// <summary>Bytes of the message in whose place others stand.</summary>
/// <param name="Begin">Where they begin, from the message's beginning.</param>
/// <param name="End">Where they end.</param>
/// <param name="Bytes">What stands there.</param>
internal sealed record Splice(long Begin, long End, byte[] Bytes);

/// <summary>All that changes in a message: fields of its header, ranges of its body in ascending order.</summary>
internal sealed record MessageChange(IReadOnlyList<FieldChange> Fields, IReadOnlyList<Splice> Splices)
{
    public bool IsEmpty => Fields.Count == 0 && Splices.Count == 0;
}
