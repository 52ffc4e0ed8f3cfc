using System.IO;
using Milter;

namespace Ordinary.ConnectionLog;

[Milter]
public sealed partial class Filter(TextWriter log)
{
    [OnConnect]
    private void Connected(ConnectInfo client) => log.WriteLine($"{client.HostName} [{client.Address}]:{client.Port}");

    [OnHelo]
    private void Hello(string name) => log.WriteLine($"HELO {name}");

    [OnClose]
    private void Closed(MilterContext context) => log.WriteLine($"{context.ConnectionId} closed");
}
