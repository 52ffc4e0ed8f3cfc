using Milter;

namespace Ordinary.ClientName;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_noName = Verdict.TempFail(450, "4.7.25", "Your address has no name");

    [OnRcpt]
    private static Verdict To(ConnectInfo? client, Authentication? login) =>
        login is null && client is { IsLocal: false } && client.HostName.StartsWith('[') ? s_noName : Verdict.Continue;
}
