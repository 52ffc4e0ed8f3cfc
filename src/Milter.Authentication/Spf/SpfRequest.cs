using System.Net;

namespace Milter.Auth;

/// <summary>Whom SPF is asked about.</summary>
/// <param name="Client">The client's address, an IPv4 address in its own form.</param>
/// <param name="LocalPart">The local part of the sender, or <c>postmaster</c>.</param>
/// <param name="SenderDomain">The domain of the sender.</param>
/// <param name="Helo">The name at HELO.</param>
/// <param name="Receiver">The name of this host, for explanations.</param>
/// <param name="Now">The time, for explanations.</param>
internal sealed record SpfRequest(IPAddress Client, string LocalPart, string SenderDomain, string Helo, string Receiver, DateTimeOffset Now);
