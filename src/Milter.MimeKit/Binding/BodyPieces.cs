namespace Milter.Mime.Binding;

/// <summary>A piece of a new body: a range of the message as it came, or new bytes.</summary>
/// <param name="Begin">Where the range begins in the message.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Bytes">New bytes in its place, or <see langword="null"/> for the range.</param>
internal readonly record struct BodyPiece(long Begin, long End, byte[]? Bytes);

/// <summary>Gives the MTA a new body of pieces: what stays is sent from where it is kept, nothing of it is copied.</summary>
internal static class BodyPieces
{
    /// <summary>Writes the pieces.</summary>
    /// <param name="pieces">The pieces, in order; places count from the message's beginning.</param>
    /// <param name="bodyBegin">Where the body begins.</param>
    /// <param name="editor">The editor.</param>
    public static void Write(IEnumerable<BodyPiece> pieces, long bodyBegin, BodyEditor editor)
    {
        editor.Clear();
        foreach (BodyPiece piece in pieces)
        {
            if (piece.Bytes is { } bytes)
            {
                if (bytes.Length > 0)
                {
                    editor.AppendUncopied(bytes);
                }
            }
            else if (piece.End > piece.Begin)
            {
                editor.AppendOriginal(piece.Begin - bodyBegin, piece.End - piece.Begin);
            }
        }
    }
}
