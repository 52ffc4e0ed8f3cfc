using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using DnsClient;

namespace Milter.Auth;

/// <summary>Puts questions to name servers: one after the other, over TCP where an answer is cut, and holds what comes against the question.</summary>
internal sealed class DnsWire
{
    // What every path carries in one packet (RFC 9715).
    private const int PacketSize = 1232;
    private const int MostBroken = 2;
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly LookupClient _client;
    private readonly NameServer[][] _servers;
    private readonly DnsQueryOptions _options;
    private readonly DnsQueryOptions _withoutExtension;

    public DnsWire(DnsOptions options)
    {
        NameServer[] servers = DnsServers.Of(options);
        _servers = [.. servers.Select(static one => new[] { one })];
        _client = new LookupClient(new LookupClientOptions(servers) { UseCache = false, AutoResolveNameServers = false });
        _options = Make(options, PacketSize);
        _withoutExtension = Make(options, DnsQueryOptions.MinimumBufferSize);
    }

    /// <summary>Asks.</summary>
    /// <param name="name">The name, in normal form.</param>
    /// <param name="type">The kind.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>A response of code 0 or 3 to this question, or why there is none.</returns>
    public async Task<(IDnsQueryResponse? Response, string Problem)> AskAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        if (Question(name, type) is not { } question)
        {
            return (null, $"\"{name}\" is no name that can be asked for");
        }

        string problem = "";
        foreach (NameServer[] server in _servers)
        {
            (IDnsQueryResponse? response, problem) = await AskAsync(server, question, _options, cancellation).ConfigureAwait(false);
            if (response?.Header.ResponseCode is DnsHeaderResponseCode.FormatError or DnsHeaderResponseCode.NotImplemented)
            {
                (response, problem) = await AskAsync(server, question, _withoutExtension, cancellation).ConfigureAwait(false);
            }

            if (response is not null && !IsError(response))
            {
                return (response, "");
            }

            if (response is not null)
            {
                problem = $"{server[0]} answers {response.Header.ResponseCode} for {name}";
            }
        }

        return (null, problem);
    }

    private static DnsQueryOptions Make(DnsOptions options, int size) => new()
    {
        Timeout = options.Timeout,
        Retries = options.Tries - 1,
        UseCache = false,
        UseRandomNameServer = false,
        ContinueOnEmptyResponse = false,
        ThrowDnsErrors = false,
        ExtendedDnsBufferSize = size,
    };

    private static DnsQuestion? Question(string name, DnsRecordType type)
    {
        try
        {
            // Parse would look at other characters as at letters of an international domain; the macros of SPF make names of any.
            DnsString text = name.AsSpan().ContainsAnyExcept(s_plain) && !name.Contains(DnsString.ACEPrefix, StringComparison.Ordinal)
                ? DnsString.FromResponseQueryString(name)
                : DnsString.Parse(name);
            return new DnsQuestion(text, (QueryType)type);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task<(IDnsQueryResponse? Response, string Problem)> AskAsync(NameServer[] server, DnsQuestion question, DnsQueryOptions options, CancellationToken cancellation)
    {
        // The library keeps TCP connections that the server may have closed since, and tells of a time-out at once then.
        for (int broken = 0; ; broken++)
        {
            long start = Stopwatch.GetTimestamp();
            (IDnsQueryResponse? response, string problem) = await AskOnceAsync(server, question, options, cancellation).ConfigureAwait(false);
            if (response is not null || broken == MostBroken || Stopwatch.GetElapsedTime(start) > options.Timeout / 2)
            {
                return (response, problem);
            }
        }
    }

    private async Task<(IDnsQueryResponse? Response, string Problem)> AskOnceAsync(NameServer[] server, DnsQuestion question, DnsQueryOptions options, CancellationToken cancellation)
    {
        try
        {
            IDnsQueryResponse response = await _client.QueryServerAsync(server, question, options, cancellation).ConfigureAwait(false);
            return Answers(response, question) || IsError(response)
                ? (response, "")
                : (null, $"{server[0]} has answered another question than the one for {question.QueryName.Original}");
        }
        catch (Exception e) when (cancellation.IsCancellationRequested)
        {
            // The library tells of it as of a connection that timed out.
            throw new OperationCanceledException("The time for DNS is up.", e, cancellation);
        }
        catch (Exception e) when (e is DnsResponseException or DnsResponseParseException or DnsXidMismatchException or SocketException or IOException or ObjectDisposedException
            or TimeoutException or OperationCanceledException or ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            return (null, e is DnsResponseException { Code: DnsResponseCode.ConnectionTimeout } or TimeoutException or OperationCanceledException
                ? $"{server[0]} does not answer for {question.QueryName.Original}"
                : $"{server[0]} can't be asked for {question.QueryName.Original}: {e.Message}");
        }
    }

    // A server that does not understand a question need not repeat it.
    private static bool IsError(IDnsQueryResponse response) => response.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain);

    // The library compares the ids alone.
    private static bool Answers(IDnsQueryResponse response, DnsQuestion question) =>
        response.Questions is [{ } asked]
        && asked.QuestionType == question.QuestionType
        && asked.QuestionClass == question.QuestionClass
        && asked.QueryName.Original.AsSpan().TrimEnd('.').Equals(question.QueryName.Original.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
