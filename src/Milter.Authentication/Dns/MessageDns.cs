namespace Milter.Auth;

/// <summary>The questions that one message causes: so many, in so much time. What can't be asked any more is a temporary error, and what was asked is not asked again.</summary>
internal sealed class MessageDns(IDnsQuery dns, DnsOptions options, TimeProvider time) : IDnsQuery, IDisposable
{
    private readonly Dictionary<(string Name, DnsRecordType Type), DnsAnswer> _answers = [];
    private CancellationTokenSource? _deadline;
    private int _asked;

    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        if (DnsNames.Normal(name) is not { } normal)
        {
            return DnsAnswer.NoSuchName();
        }

        if (_answers.TryGetValue((normal, type), out DnsAnswer? known))
        {
            return known;
        }

        DnsAnswer answer = await AskAsync(normal, type, cancellation).ConfigureAwait(false);
        _answers[(normal, type)] = answer;
        return answer;
    }

    public void Dispose() => _deadline?.Dispose();

    private async ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        if (++_asked > options.MessageQueries)
        {
            return DnsAnswer.Failed($"the message causes more than {options.MessageQueries} questions to the DNS (Dns:MessageQueries)");
        }

        _deadline ??= new CancellationTokenSource(options.MessageBudget, time);
        if (!_deadline.IsCancellationRequested)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellation);
            try
            {
                return await dns.QueryAsync(name, type, both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && _deadline.IsCancellationRequested)
            {
                // Told below.
            }
        }

        return DnsAnswer.Failed($"the time for DNS is up ({options.MessageBudget.TotalSeconds:0.#} s, Dns:MessageBudget)");
    }
}
