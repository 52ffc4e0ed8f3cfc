using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Milter.Auth;

/// <summary>One evaluation of <c>check_host()</c> with all that it includes, and the limits that hold for all of it (RFC 7208 sections 4 to 6).</summary>
internal sealed class SpfEvaluation
{
    private const int MaxTerms = 10;
    private const int MaxVoid = 2;
    private const int MaxNames = 10;
    private const string UnknownName = "unknown";

    private readonly IDnsQuery _dns;
    private readonly SpfRequest _request;
    private readonly SpfExpansion _expansion;
    private List<string>? _validated;
    private int _terms;
    private int _voids;

    public SpfEvaluation(IDnsQuery dns, SpfRequest request)
    {
        _dns = dns;
        _request = request;
        _expansion = new SpfExpansion(request, ValidatedNameAsync);
    }

    private DnsRecordType AddressType => _request.Client.AddressFamily == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;

    /// <summary>Evaluates a domain's record.</summary>
    /// <param name="domain">The domain, as somebody wrote it.</param>
    /// <param name="isIncluded">Whether it is an include, whose explanation is not asked for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<SpfOutcome> CheckAsync(string domain, bool isIncluded, CancellationToken cancellation)
    {
        if (DnsNames.Domain(domain) is not { } name)
        {
            return new(AuthResult.None, $"\"{domain}\" is no domain that could have a record");
        }

        DnsAnswer answer = await _dns.QueryAsync(name, DnsRecordType.Txt, cancellation).ConfigureAwait(false);
        if (answer.Status == DnsStatus.Failed)
        {
            return new(AuthResult.TempError, $"TXT of {name}: {answer.Reason}");
        }

        string[] records = [.. answer.Texts.Where(SpfRecord.Is)];
        return records switch
        {
            [] => new(AuthResult.None, $"{name} has no SPF record"),
            [var one] => SpfRecord.Parse(one, out SpfRecord record) is { } problem
                ? new(AuthResult.PermError, $"record of {name}: {problem}")
                : await EvaluateAsync(record, name, isIncluded, cancellation).ConfigureAwait(false),
            _ => new(AuthResult.PermError, $"{name} has {records.Length} SPF records"),
        };
    }

    private async ValueTask<SpfOutcome> EvaluateAsync(SpfRecord record, string domain, bool isIncluded, CancellationToken cancellation)
    {
        foreach (SpfTerm term in record.Terms)
        {
            if (term.Asks && ++_terms > MaxTerms)
            {
                return TooMany(domain);
            }

            (bool isMatch, SpfOutcome? error) = await MatchAsync(term, domain, cancellation).ConfigureAwait(false);
            if (error is { } ended)
            {
                return ended;
            }

            if (isMatch)
            {
                string? explanation = term.Qualifier == AuthResult.Fail && !isIncluded ? await ExplainAsync(record.Explanation, domain, cancellation).ConfigureAwait(false) : null;
                return new(term.Qualifier, $"{term.Text} of {domain}", explanation);
            }
        }

        if (record.Redirect is not { } redirect)
        {
            return new(AuthResult.Neutral, $"nothing in the record of {domain} matches");
        }

        if (++_terms > MaxTerms)
        {
            return TooMany(domain);
        }

        string? target = await _expansion.DomainAsync(redirect, domain, cancellation).ConfigureAwait(false);
        SpfOutcome redirected = await CheckAsync(target ?? redirect, isIncluded, cancellation).ConfigureAwait(false);
        return redirected.Result == AuthResult.None ? new(AuthResult.PermError, $"redirect of {domain}: {redirected.Reason}") : redirected;
    }

    private async ValueTask<(bool IsMatch, SpfOutcome? Error)> MatchAsync(SpfTerm term, string domain, CancellationToken cancellation)
    {
        if (!term.Asks)
        {
            return (term.Network is null || IsWithin(term.Network, term), null);
        }

        // A name that can't be asked for is one that does not exist.
        string? target = await _expansion.DomainAsync(term.Domain, domain, cancellation).ConfigureAwait(false);
        if (term.Mechanism == SpfMechanism.Include)
        {
            return Included(await CheckAsync(target ?? term.Domain!, isIncluded: true, cancellation).ConfigureAwait(false), term, domain);
        }

        return target is null ? (false, null) : term.Mechanism switch
        {
            SpfMechanism.A => await AddressAsync(target, AddressType, term, domain, cancellation).ConfigureAwait(false),
            SpfMechanism.Mx => await ExchangeAsync(target, term, domain, cancellation).ConfigureAwait(false),
            SpfMechanism.Ptr => (await ValidatedAsync(cancellation).ConfigureAwait(false) is { } names && names.Exists(one => DnsNames.IsWithin(one, target)), OverVoid(domain)),
            _ => await AddressAsync(target, DnsRecordType.A, term, domain, cancellation).ConfigureAwait(false),
        };
    }

    private static (bool IsMatch, SpfOutcome? Error) Included(SpfOutcome outcome, SpfTerm term, string domain) => outcome.Result switch
    {
        AuthResult.Pass => (true, null),
        AuthResult.TempError => (false, outcome),
        AuthResult.PermError or AuthResult.None => (false, new SpfOutcome(AuthResult.PermError, $"{term.Text} of {domain}: {outcome.Reason}")),
        _ => (false, null),
    };

    private async ValueTask<(bool IsMatch, SpfOutcome? Error)> AddressAsync(string target, DnsRecordType type, SpfTerm term, string domain, CancellationToken cancellation)
    {
        DnsAnswer answer = await _dns.QueryAsync(target, type, cancellation).ConfigureAwait(false);
        return Error(answer, target, term, domain) is { } error
            ? (false, error)
            : (term.Mechanism == SpfMechanism.Exists ? answer.Addresses.Count > 0 : answer.Addresses.Any(one => IsWithin(one, term)), null);
    }

    private async ValueTask<(bool IsMatch, SpfOutcome? Error)> ExchangeAsync(string target, SpfTerm term, string domain, CancellationToken cancellation)
    {
        DnsAnswer answer = await _dns.QueryAsync(target, DnsRecordType.Mx, cancellation).ConfigureAwait(false);
        if (Error(answer, target, term, domain) is { } error)
        {
            return (false, error);
        }

        if (answer.Texts.Count > MaxNames)
        {
            return (false, new SpfOutcome(AuthResult.PermError, $"{term.Text} of {domain}: {target} has more than {MaxNames} MX records"));
        }

        foreach (string host in answer.Texts)
        {
            DnsAnswer addresses = await _dns.QueryAsync(host, AddressType, cancellation).ConfigureAwait(false);
            if (addresses.Status == DnsStatus.Failed)
            {
                return (false, new SpfOutcome(AuthResult.TempError, $"{term.Text} of {domain}: {addresses.Reason}"));
            }

            if (addresses.Addresses.Any(one => IsWithin(one, term)))
            {
                return (true, null);
            }
        }

        return (false, null);
    }

    /// <summary>Gives the names of the client that have its address (section 5.5). What can't be asked is not among them.</summary>
    private async ValueTask<List<string>> ValidatedAsync(CancellationToken cancellation)
    {
        if (_validated is not null)
        {
            return _validated;
        }

        _validated = [];
        DnsAnswer pointers = await _dns.QueryAsync(DnsNames.Pointer(_request.Client), DnsRecordType.Ptr, cancellation).ConfigureAwait(false);
        _voids += pointers.IsVoid ? 1 : 0;
        foreach (string host in pointers.Texts.Take(MaxNames))
        {
            DnsAnswer addresses = await _dns.QueryAsync(host, AddressType, cancellation).ConfigureAwait(false);
            if (addresses.Addresses.Contains(_request.Client) && DnsNames.Normal(host) is { } name)
            {
                _validated.Add(name);
            }
        }

        return _validated;
    }

    private async ValueTask<string> ValidatedNameAsync(string domain, CancellationToken cancellation)
    {
        List<string> names = await ValidatedAsync(cancellation).ConfigureAwait(false);
        return names.Find(one => one == domain) ?? names.Find(one => DnsNames.IsWithin(one, domain)) ?? names.FirstOrDefault() ?? UnknownName;
    }

    /// <summary>Gives the explanation (section 6.2). Whatever is wrong with it, there is none.</summary>
    private async ValueTask<string?> ExplainAsync(string? spec, string domain, CancellationToken cancellation)
    {
        if (spec is null || await _expansion.DomainAsync(spec, domain, cancellation).ConfigureAwait(false) is not { } target)
        {
            return null;
        }

        DnsAnswer answer = await _dns.QueryAsync(target, DnsRecordType.Txt, cancellation).ConfigureAwait(false);
        if (answer.Texts is not [var text] || !Ascii.IsValid(text) || SpfSyntax.CheckMacros(text, isExplanation: true) is not null)
        {
            return null;
        }

        string explanation = await _expansion.TextAsync(text, domain, cancellation).ConfigureAwait(false);
        return Ascii.IsValid(explanation) ? explanation : null;
    }

    private SpfOutcome? Error(DnsAnswer answer, string target, SpfTerm term, string domain)
    {
        if (answer.Status == DnsStatus.Failed)
        {
            return new(AuthResult.TempError, $"{term.Text} of {domain} ({target}): {answer.Reason}");
        }

        _voids += answer.IsVoid ? 1 : 0;
        return OverVoid(domain);
    }

    private SpfOutcome? OverVoid(string domain) => _voids > MaxVoid
        ? new(AuthResult.PermError, $"more than {MaxVoid} terms ask for what is not there, the last one in the record of {domain}")
        : null;

    private static SpfOutcome TooMany(string domain) => new(AuthResult.PermError, $"more than {MaxTerms} terms ask the DNS, the last one in the record of {domain}");

    private bool IsWithin(IPAddress network, SpfTerm term)
    {
        if (network.AddressFamily != _request.Client.AddressFamily)
        {
            return false;
        }

        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        _ = network.TryWriteBytes(left, out int length);
        _ = _request.Client.TryWriteBytes(right, out _);
        int prefix = length == 4 ? term.Prefix4 : term.Prefix6;
        int whole = prefix >> 3;
        int bits = prefix & 7;
        return left[..whole].SequenceEqual(right[..whole]) && (bits == 0 || ((left[whole] ^ right[whole]) >> (8 - bits)) == 0);
    }
}

/// <summary>What an evaluation comes to.</summary>
internal readonly record struct SpfOutcome(AuthResult Result, string Reason, string? Explanation = null);
