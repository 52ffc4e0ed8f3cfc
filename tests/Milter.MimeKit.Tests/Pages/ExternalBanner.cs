using Milter;
using Milter.Mime;

[Milter]
internal sealed partial class ExternalBanner
{
    [OnEom]
    public static void Warn(MailParts parts, ConnectInfo? client, Authentication? login)
    {
        if (login is null && client is not { IsLocal: true })
        {
            parts.PrependHtml("<div style=\"background:#fec;padding:4px\">This message came from outside.</div>", "[This message came from outside.]");
        }
    }
}
