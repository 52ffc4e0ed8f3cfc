using System.Net;
using Milter;

namespace Ordinary.Harvesting;

public interface IOffenders
{
    void Add(IPAddress address);
}

[Milter]
public sealed partial class Filter(IOffenders offenders)
{
    [PerMessage]
    private int _unknown;

    [OnRejectedRcpt]
    private void Refused([ClientAddress] IPAddress? client)
    {
        if (++_unknown == 10 && client is not null)
        {
            offenders.Add(client);
        }
    }
}
