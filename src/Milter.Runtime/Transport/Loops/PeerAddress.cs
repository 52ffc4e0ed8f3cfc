using System.Globalization;
using System.Net;

namespace Milter.Transport.Loops;

/// <summary>The peer of a connection; its text is made when somebody asks for it.</summary>
/// <param name="bytes">The address, in network order; empty for a unix socket.</param>
/// <param name="port">The port.</param>
/// <param name="scope">The scope of an IPv6 address.</param>
internal sealed class PeerAddress(byte[] bytes, int port, uint scope)
{
    public static PeerAddress Unix { get; } = new([], 0, 0);

    public bool IsTcp => bytes.Length > 0;

    public override string ToString()
    {
        if (!IsTcp)
        {
            return "unix";
        }

        IPAddress address = bytes.Length == 16 ? new IPAddress(bytes, scope) : new IPAddress(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(address, port)}");
    }
}
