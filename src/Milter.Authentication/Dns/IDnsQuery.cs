namespace Milter;

/// <summary>Asks the DNS. <see cref="MailDns"/> asks name servers; tests and users put in their own.</summary>
public interface IDnsQuery
{
    /// <summary>Asks for the records of a name.</summary>
    /// <param name="name">The name, with or without a final dot, in ASCII: an international domain in its form with <c>xn--</c>. Any other printable character may be in it, as the macros of SPF make such names.</param>
    /// <param name="type">The kind of records.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The answer, aliases (CNAME) followed. What goes wrong is <see cref="DnsStatus.Failed"/>, not an exception.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> has fired.</exception>
    ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation);
}
