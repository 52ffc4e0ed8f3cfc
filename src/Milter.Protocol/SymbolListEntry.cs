namespace Milter.Protocol;

/// <summary>One symbol list as it was read: the macros a filter asks for at one stage.</summary>
public readonly ref struct SymbolListEntry
{
    internal SymbolListEntry(int stage, ReadOnlySpan<byte> names)
    {
        Stage = stage;
        Names = names;
    }

    /// <summary>Gets the stage number as on the wire; a <see cref="MacroStage"/> when from 0 to 6.</summary>
    public int Stage { get; }

    /// <summary>Gets the macro names, separated by spaces; empty when none is asked for.</summary>
    public ReadOnlySpan<byte> Names { get; }
}
