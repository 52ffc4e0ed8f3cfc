using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Milter.Listening;

/// <summary>Whose process is at the other end of a unix socket, as it was when it connected or listened (<c>struct ucred</c>).</summary>
/// <param name="Process">The process; 0 where it lives in another container.</param>
/// <param name="User">The user.</param>
/// <param name="Group">The group.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PeerCredentials(int Process, uint User, uint Group)
{
    public const int Level = 1, Option = 17;

    /// <summary>Asks the system.</summary>
    /// <returns><see langword="null"/> where it does not tell.</returns>
    public static PeerCredentials? Of(Socket socket)
    {
        PeerCredentials who = default;
        try
        {
            return OperatingSystem.IsLinux() && socket.GetRawSocketOption(Level, Option, MemoryMarshal.AsBytes(new Span<PeerCredentials>(ref who))) > 0 ? who : null;
        }
        catch (SocketException)
        {
            // It is not connected.
            return null;
        }
    }

    // Numbers: to look names up may take long, and this is asked for where connections are taken.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"uid {User}, gid {Group}, pid {Process}");
}
