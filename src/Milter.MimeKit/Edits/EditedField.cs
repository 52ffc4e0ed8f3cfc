namespace Milter.Mime.Edits;

/// <summary>A content field of a part as it will be.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Value">What stands behind the colon, folds and all, without the last line end.</param>
/// <param name="Original">The field that it was, or <see langword="null"/> for a new one.</param>
internal sealed record EditedField(string Name, byte[] Value, Reading.ContentField? Original)
{
    /// <summary>Gets a value indicating whether it is not as it came.</summary>
    public bool IsChanged => Original is not { } original || !ReferenceEquals(original.Value, Value);
}
