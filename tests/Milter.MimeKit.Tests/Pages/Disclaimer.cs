using Milter;
using Milter.Mime;

[Milter]
internal sealed partial class Disclaimer
{
    [OnEom]
    public static void Add(MailParts parts, Authentication? login, [Header("Auto-Submitted")] string? auto, MessageEnvelope envelope)
    {
        if (login is not null && auto is null && !envelope.Recipients.Any(to => to.Domain.Equals("lists.example.org", StringComparison.OrdinalIgnoreCase)))
        {
            parts.AppendText("--\nExample Ltd, Berlin, HRB 12345", "<p><small>Example Ltd, Berlin, HRB 12345</small></p>");
        }
    }
}
