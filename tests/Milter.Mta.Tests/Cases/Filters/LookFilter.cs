using Milter.Mime;
using MimeKit;

namespace Milter.Mta.Filters;

/// <summary>Looks at all of a message by both of its trees, and does what the test says: nothing, as a rule.</summary>
[Milter]
public sealed partial class LookFilter(Action<MailParts> edit)
{
    [OnEom]
    private void End(MailParts parts, MimeMessage message)
    {
        _ = parts.Sum(part => part.Names.Count + part.Entries.Count + part.Sha256.Length);
        _ = message.BodyParts.Select(part => (part.ContentType.Name, part.ContentDisposition?.FileName)).ToArray();
        edit(parts);
    }
}
