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
            if (change.Occurrence == 0)
            {
                editor.Append(name, value);
            }
            else
            {
                editor.Change(name, change.Occurrence, value);
            }
        }
    }
}
