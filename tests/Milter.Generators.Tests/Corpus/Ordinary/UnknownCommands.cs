using System.IO;
using System.Net;
using Milter;

namespace Ordinary.UnknownCommands;

[Milter]
public sealed partial class Filter(TextWriter log)
{
    [OnUnknown]
    private void Unknown(string command, [ClientAddress] IPAddress? client) => log.WriteLine($"{client} says {command}");
}
