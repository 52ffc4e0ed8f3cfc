using Milter;

namespace Ordinary.Priorities;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End(ConnectInfo? client, HeaderEditor headers)
    {
        if (client is { IsLocal: true })
        {
            return;
        }

        headers.RemoveAll("X-Priority");
        headers.RemoveAll("Importance");
    }
}
