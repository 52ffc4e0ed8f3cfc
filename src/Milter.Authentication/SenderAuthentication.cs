using System.Net;
using Milter.Auth;

namespace Milter;

/// <summary>Who sent a message: SPF, DKIM, ARC and DMARC, each judged when it is first asked for. A parameter of handlers at EOM.</summary>
/// <remarks>
/// <code>
/// [OnEom]
/// async ValueTask&lt;Verdict&gt; Check(SenderAuthentication sender, HeaderEditor header)
/// {
///     await sender.WriteResultsAsync(header);
///     DmarcResult dmarc = await sender.GetDmarcAsync();
///     return dmarc.Disposition == DmarcPolicy.Reject ? Verdict.Reject(550, "5.7.1", "the domain in From refuses this message") : Verdict.Continue;
/// }
/// </code>
/// Clients that have logged in or are local are not judged: <see cref="NotApplicable"/> says so, and every result is <see cref="AuthResult.None"/>.
/// Valid until the message ends. Reports (<c>rua</c>, <c>ruf</c>) are not sent.
/// </remarks>
public sealed class SenderAuthentication : IDisposable
{
    private readonly SenderFacts _facts;
    private readonly RawMessage? _message;
    private readonly string _messageProblem;
    private readonly AuthenticationOptions _options;
    private readonly TimeProvider _time;
    private readonly string? _authservId;
    private readonly MessageDns _dns;
    private readonly CancellationToken _cancellation;
    private Task<SpfResult>? _spf;
    private Task<SpfResult>? _helo;
    private Task<IReadOnlyList<DkimResult>>? _dkim;
    private Task<ArcResult>? _arc;
    private Task<DmarcResult>? _dmarc;
    private Task<ReverseName>? _reverse;

    internal SenderAuthentication(SenderFacts facts, RawMessage? message, string messageProblem, AuthenticationServices services, string? authservId, CancellationToken cancellation)
    {
        _facts = facts;
        _message = message;
        _messageProblem = messageProblem;
        _options = services.Options;
        _time = services.Time;
        _authservId = services.Options.AuthservId ?? authservId;
        _dns = new MessageDns(services.Dns, services.DnsOptions, services.Time);
        _cancellation = cancellation;
    }

    /// <summary>Gets why the client is not judged; <see langword="null"/> where it is.</summary>
    public string? NotApplicable => _facts.NotApplicable;

    /// <summary>Gets the client that is judged: the MTA's own, or behind a relay of ours (<see cref="AuthenticationOptions.TrustedRelays"/>) that one's.</summary>
    /// <value><see langword="null"/> where it is not known.</value>
    public IPAddress? Client => _facts.Client;

    /// <summary>Judges the client by the domain of the envelope's sender.</summary>
    /// <returns>The result.</returns>
    public Task<SpfResult> GetSpfAsync() => _spf ??= Spf.JudgeAsync(_dns, _time, _authservId, _facts, SpfIdentity.MailFrom, _cancellation).AsTask();

    /// <summary>Judges the client by the name that it gave itself at HELO.</summary>
    /// <returns>The result.</returns>
    public Task<SpfResult> GetHeloSpfAsync() => _helo ??= Spf.JudgeAsync(_dns, _time, _authservId, _facts, SpfIdentity.Helo, _cancellation).AsTask();

    /// <summary>Looks for a name of the client that has its address.</summary>
    /// <returns>The name.</returns>
    public Task<ReverseName> GetReverseNameAsync() => _reverse ??= _facts.NotApplicable is null && _facts.Client is { } client
        ? ReverseName.FindAsync(_dns, client, _cancellation).AsTask()
        : Task.FromResult(new ReverseName(AuthResult.None, null, _facts.NotApplicable ?? _facts.ClientProblem ?? ""));

    /// <summary>Verifies the signatures, on the bytes as they came.</summary>
    /// <returns>The results in the order of the fields.</returns>
    public Task<IReadOnlyList<DkimResult>> GetDkimAsync() => _dkim ??= DkimAsync();

    /// <summary>Verifies the chain of intermediaries.</summary>
    /// <returns>The result.</returns>
    public Task<ArcResult> GetArcAsync() => _arc ??= ArcAsync();

    /// <summary>Judges the domain in From, which needs SPF and DKIM.</summary>
    /// <returns>The result.</returns>
    public Task<DmarcResult> GetDmarcAsync() => _dmarc ??= DmarcAsync();

    /// <summary>Judges all, and writes it as the value of a field Authentication-Results (RFC 8601).</summary>
    /// <returns>The value, in one line, in ASCII.</returns>
    /// <exception cref="InvalidOperationException">Neither the option <c>Authentication:AuthservId</c> nor the MTA (macro <c>{j}</c>) names this host.</exception>
    public async Task<string> ToAuthenticationResultsAsync()
    {
        var writer = new ResultsWriter(AuthservId());
        if (_facts.NotApplicable is not null)
        {
            return writer.ToString();
        }

        SpfResult spf = await GetSpfAsync().ConfigureAwait(false);
        writer.Add("spf", spf.Result, spf.Reason);
        writer = spf.Identity == SpfIdentity.MailFrom && _facts.Sender.Length > 0 ? writer.With("smtp.mailfrom", ResultsText.Address(_facts.Sender)) : writer.With("smtp.helo", _facts.Helo);
        foreach (DkimResult dkim in await GetDkimAsync().ConfigureAwait(false))
        {
            writer.Add("dkim", dkim.Result, dkim.Reason)
                .With("header.d", ResultsText.Domain(dkim.Domain)).With("header.s", ResultsText.Domain(dkim.Selector)).With("header.a", dkim.Algorithm).With("header.b", dkim.SignatureStart);
        }

        ArcResult arc = await GetArcAsync().ConfigureAwait(false);
        writer = arc.Result == AuthResult.None ? writer : writer.Add("arc", arc.Result, arc.Reason);
        DmarcResult dmarc = await GetDmarcAsync().ConfigureAwait(false);
        string policy = dmarc.PolicyDomain is null ? dmarc.Reason : $"p={dmarc.Policy.ToString().ToLowerInvariant()} of {dmarc.PolicyDomain}{(dmarc.IsTesting ? ", testing" : "")}";
        return writer.Add("dmarc", dmarc.Result, policy).With("header.from", dmarc.Domain ?? "").ToString();
    }

    /// <summary>Judges all, removes every Authentication-Results that claims to be of this host, and puts the own one at the top.</summary>
    /// <param name="header">The editor of the header.</param>
    /// <returns>When it is planned.</returns>
    /// <exception cref="InvalidOperationException">This host has no name (<see cref="ToAuthenticationResultsAsync"/>), or the editor's actions were not agreed.</exception>
    public async Task WriteResultsAsync(HeaderEditor header)
    {
        ArgumentNullException.ThrowIfNull(header);
        string name = AuthservId();
        string value = await ToAuthenticationResultsAsync().ConfigureAwait(false);
        header.RemoveWhere(ResultsText.FieldName, field => AuthenticationResultsField.Claims(field.ValueText, name));
        header.Prepend(ResultsText.FieldName, value);
    }

    /// <summary>Is called by the engine when the message has ended.</summary>
    public void Dispose() => _dns.Dispose();

    private string AuthservId() => _authservId is { Length: > 0 } name
        ? name
        : throw new InvalidOperationException("This host has no name for Authentication-Results: the MTA does not tell its own (macro j). Set Authentication:AuthservId.");

    private async Task<IReadOnlyList<DkimResult>> DkimAsync()
    {
        if (_facts.NotApplicable is not null)
        {
            return [];
        }

        return _message is null
            ? [new DkimResult(AuthResult.TempError, _messageProblem, new DkimSignature())]
            : await new DkimVerifier(_dns, _options, _time).VerifyAsync(_message, _cancellation).ConfigureAwait(false);
    }

    private async Task<ArcResult> ArcAsync() => _facts.NotApplicable is { } reason ? new ArcResult(AuthResult.None, reason, [])
        : _message is null ? new ArcResult(AuthResult.TempError, _messageProblem, [])
        : await new ArcVerifier(new DkimVerifier(_dns, _options, _time)).VerifyAsync(_message, _cancellation).ConfigureAwait(false);

    private async Task<DmarcResult> DmarcAsync()
    {
        if (_facts.NotApplicable is { } reason)
        {
            return new DmarcResult(AuthResult.None, reason, null);
        }

        if (_message is null)
        {
            return new DmarcResult(AuthResult.TempError, _messageProblem, null);
        }

        SpfResult spf = await GetSpfAsync().ConfigureAwait(false);
        IReadOnlyList<DkimResult> dkim = await GetDkimAsync().ConfigureAwait(false);
        return await new DmarcCheck(_dns).CheckAsync(AuthorDomain.Of(_message.Header), spf, dkim, _cancellation).ConfigureAwait(false);
    }
}
