using System.Text;
using Milter.Mime.Reading;

namespace Milter.Mime.Edits;

/// <summary>Writes a message's header with changes of its fields, as an MTA does.</summary>
internal static class WholeMessage
{
    public static byte[] HeaderWith(MailPart root, IReadOnlyList<FieldChange> changes, string newLine)
    {
        var edited = new List<EditedField>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (ContentField field in root.Header.Content.Where(field => field.Length > 0))
        {
            int occurrence = seen[field.Name] = seen.GetValueOrDefault(field.Name) + 1;
            FieldChange? change = changes.FirstOrDefault(one => one.Occurrence == occurrence && one.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase));
            if (change is null or { Value: not null })
            {
                edited.Add(new EditedField(field.Name, change?.Value ?? field.Value, field));
            }
        }

        edited.AddRange(changes.Where(change => change.Occurrence == 0).Select(change => new EditedField(change.Name, change.Value!, null)));
        return [.. ChangeWriter.HeaderOf(root, edited, newLine), .. Encoding.ASCII.GetBytes(newLine)];
    }
}
