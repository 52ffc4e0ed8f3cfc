using System.Globalization;

namespace Milter.Mta.Tests;

/// <summary>Where a milter under test listens; each server gets it in its own spelling.</summary>
public sealed record MilterEndpoint
{
    private MilterEndpoint(string postfix, string sendmail) => (ForPostfix, ForSendmail) = (postfix, sendmail);

    /// <summary>The endpoint as an item of <c>smtpd_milters</c>.</summary>
    public string ForPostfix { get; }

    /// <summary>The endpoint as the <c>S=</c> of <c>INPUT_MAIL_FILTER</c>.</summary>
    public string ForSendmail { get; }

    /// <summary>A milter on a port of 127.0.0.1.</summary>
    public static MilterEndpoint Tcp(int port) => new(
        string.Create(CultureInfo.InvariantCulture, $"inet:127.0.0.1:{port}"),
        string.Create(CultureInfo.InvariantCulture, $"inet:{port}@127.0.0.1"));

    /// <summary>A milter on a unix socket, best one of <see cref="WorkFolder.SocketPath"/>.</summary>
    /// <remarks>Postfix opens it as user <c>postfix</c>: the socket needs mode 0666.</remarks>
    public static MilterEndpoint Unix(string path) => new($"unix:{path}", $"unix:{path}");
}
