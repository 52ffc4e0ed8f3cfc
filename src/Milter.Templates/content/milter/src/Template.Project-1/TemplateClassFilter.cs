using Microsoft.Extensions.Options;
using Milter;

namespace Template.Namespace;

/// <summary>Says in a header field of each message whether it comes from outside.</summary>
/// <remarks>
/// What a method takes says what the MTA has to send, and what it returns says whether the MTA has to wait: this one waits once a message, at its end.
/// An instance lives as long as an SMTP session.
/// </remarks>
[Milter]
internal sealed partial class TemplateClassFilter(IOptions<TemplateClassOptions> options)
{
    public const string Field = "X-template-unit";

    [OnEom]
    private Verdict End(ConnectInfo? client, Authentication? login, HeaderEditor headers)
    {
        // Whoever has logged in, is this machine or is in a trusted network is inside.
        bool isInside = login is not null || client is { IsLocal: true } || options.Value.TrustedNetworks.Contains(client?.Address);

        // A field of this name that the sender has put there is replaced.
        headers.Set(Field, isInside ? "inside" : "outside");
        return Verdict.Continue;
    }
}
