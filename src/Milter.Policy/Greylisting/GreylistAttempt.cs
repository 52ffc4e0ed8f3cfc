using System.Net;

namespace Milter.Policy;

/// <summary>An attempt to deliver: the triplet of greylisting, and the client's name.</summary>
/// <param name="Client">The client's address; <see langword="null"/> where the MTA told none.</param>
/// <param name="Sender">The sender's address without brackets; empty for the null sender.</param>
/// <param name="Recipient">The recipient's address without brackets.</param>
/// <param name="HostName">The client's host name as the MTA verified it; an address in brackets, <c>unknown</c> or empty where it has none.</param>
public readonly record struct GreylistAttempt(IPAddress? Client, string Sender, string Recipient, string HostName = "");
