using Microsoft.Extensions.Options;
using Milter;
using Milter.Mime;

namespace Samples.Banner;

/// <summary>Puts a banner before mail from outside, and a disclaimer at the end of mail from inside.</summary>
/// <remarks>Waits per message: 1. Run it after a filter that checks DKIM signatures, and before one that signs.</remarks>
[Milter]
internal sealed partial class Banners(IOptions<BannerOptions> settings)
{
    private readonly BannerOptions _options = settings.Value;
    private readonly HashSet<string> _senders = new(settings.Value.ExemptSenders, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _recipients = new(settings.Value.ExemptRecipients, StringComparer.OrdinalIgnoreCase);

    [OnEom]
    private void End(MailParts parts, MessageEnvelope envelope, ConnectInfo? client, Authentication? login, [Header("Auto-Submitted")] string? auto)
    {
        if (IsIn(_senders, envelope.Sender) || envelope.Recipients.Any(recipient => IsIn(_recipients, recipient)))
        {
            return;
        }

        bool isInside = login is not null || client is { IsLocal: true } || _options.Networks.Contains(client?.Address);
        if (!isInside && _options.ExternalText.Length > 0)
        {
            parts.PrependText(_options.ExternalText, Html(_options.ExternalHtml));
        }
        else if (isInside && _options.DisclaimerText.Length > 0 && auto is null)
        {
            parts.AppendText(_options.DisclaimerText, Html(_options.DisclaimerHtml));
        }
    }

    private static string? Html(string html) => html.Length == 0 ? null : html;

    private static bool IsIn(HashSet<string> list, EnvelopeAddress address) => list.Count > 0 && (list.Contains(address.Address) || list.Contains(address.Domain));
}
