using Milter.Mime.Edits;

namespace Milter.Mime.Binding;

/// <summary>Gives the MTA changes of fields.</summary>
internal static class FieldChanges
{
    public static void Write(IEnumerable<FieldChange> changes, HeaderEditor editor)
    {
        foreach (FieldChange change in changes)
        {
            byte[] name = System.Text.Encoding.Latin1.GetBytes(change.Name);
            if (change.Value is null)
            {
                editor.Remove(name, change.Occurrence);
                continue;
            }

            // The MTA writes a space behind the colon itself.
            ReadOnlySpan<byte> value = change.Value.AsSpan().TrimEnd("\r\n"u8);
            value = value.StartsWith(" "u8) ? value[1..] : value;
            switch (change.Occurrence)
            {
                case FieldChange.AtEnd:
                    editor.Append(name, value);
                    break;
                case FieldChange.OnTop:
                    editor.Prepend(name, value);
                    break;
                default:
                    editor.Change(name, change.Occurrence, value);
                    break;
            }
        }
    }
}
