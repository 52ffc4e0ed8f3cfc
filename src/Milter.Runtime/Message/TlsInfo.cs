namespace Milter;

/// <summary>What the MTA tells of TLS.</summary>
public sealed class TlsInfo
{
}
