namespace Milter;

/// <summary>The SMTP client, as the MTA told it at CONNECT.</summary>
public sealed class ConnectInfo
{
    /// <summary>Gets the address.</summary>
    public System.Net.IPAddress? Address => null;
}
