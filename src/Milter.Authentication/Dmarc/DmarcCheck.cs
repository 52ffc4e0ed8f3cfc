namespace Milter.Auth;

/// <summary>Judges the domain in From by what SPF and DKIM have found (RFC 9989 section 5.3).</summary>
internal sealed class DmarcCheck(IDnsQuery dns)
{
    private readonly DmarcTree _tree = new(dns);

    /// <summary>Judges a message.</summary>
    /// <param name="authors">The domain in From, or why there is not one.</param>
    /// <param name="spf">SPF of the envelope's sender; <see langword="null"/> where it was not asked.</param>
    /// <param name="dkim">The signatures.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<DmarcResult> CheckAsync(AuthorDomain authors, SpfResult? spf, IReadOnlyList<DkimResult> dkim, CancellationToken cancellation)
    {
        if (authors.Domain is not { } author)
        {
            return new DmarcResult(AuthResult.PermError, authors.Problem, null);
        }

        DmarcWalk walk = await _tree.WalkAsync(author, cancellation).ConfigureAwait(false);
        if (walk.Problem is { } problem && !walk.Records.Any(one => one.Domain == author))
        {
            return new DmarcResult(AuthResult.TempError, problem, author);
        }

        if (walk.Policy is not { } policy)
        {
            return new DmarcResult(AuthResult.None, $"{author} has no policy", author);
        }

        Alignment bySpf = await SpfAsync(walk, policy.Record, spf, cancellation).ConfigureAwait(false);
        Alignment byDkim = await DkimAsync(walk, policy.Record, dkim, cancellation).ConfigureAwait(false);
        (DmarcPolicy wanted, string? trouble) = await WantedAsync(author, policy, cancellation).ConfigureAwait(false);
        (AuthResult result, string reason) = Result(bySpf, byDkim, author, spf, dkim);
        return new DmarcResult(
            result == AuthResult.Fail && trouble is not null ? AuthResult.TempError : result,
            result == AuthResult.Fail && trouble is not null ? trouble : reason,
            author)
        {
            PolicyDomain = policy.Domain,
            OrganizationalDomain = walk.Problem is null ? walk.Organization : null,
            Policy = wanted,
            IsTesting = policy.Record.IsTesting,
            IsSpfAligned = bySpf == Alignment.Passed,
            IsDkimAligned = byDkim == Alignment.Passed,
        };
    }

    private static (AuthResult Result, string Reason) Result(Alignment bySpf, Alignment byDkim, string author, SpfResult? spf, IReadOnlyList<DkimResult> dkim) => (bySpf, byDkim) switch
    {
        (Alignment.Passed, Alignment.Passed) => (AuthResult.Pass, $"SPF and DKIM are aligned with {author}"),
        (Alignment.Passed, _) => (AuthResult.Pass, $"SPF is aligned with {author}"),
        (_, Alignment.Passed) => (AuthResult.Pass, $"DKIM is aligned with {author}"),
        (Alignment.Unknown, _) => (AuthResult.TempError, "SPF might pass for the domain, and can't be judged for now"),
        (_, Alignment.Unknown) => (AuthResult.TempError, "a signature might pass for the domain, and can't be judged for now"),
        _ => (AuthResult.Fail, $"neither SPF ({(spf is null ? "not asked" : $"{spf.Result.Word()} for {spf.Domain}")}) nor DKIM ({Told(dkim)}) passes for {author}"),
    };

    private static string Told(IReadOnlyList<DkimResult> dkim) => dkim.Count == 0 ? "no signature" : string.Join(", ", dkim.Take(3).Select(static one => $"{one.Result.Word()} for {one.Domain}"));

    private async ValueTask<Alignment> SpfAsync(DmarcWalk author, DmarcRecord record, SpfResult? spf, CancellationToken cancellation) =>
        spf is null || spf.Result is not (AuthResult.Pass or AuthResult.TempError)
            ? Alignment.None
            : await AlignAsync(author, spf.Domain, spf.Result, record.IsSpfStrict, cancellation).ConfigureAwait(false);

    private async ValueTask<Alignment> DkimAsync(DmarcWalk author, DmarcRecord record, IReadOnlyList<DkimResult> dkim, CancellationToken cancellation)
    {
        var best = Alignment.None;
        foreach (DkimResult one in dkim)
        {
            if (one.Result is AuthResult.Pass or AuthResult.TempError)
            {
                Alignment alignment = await AlignAsync(author, one.Domain, one.Result, record.IsDkimStrict, cancellation).ConfigureAwait(false);
                best = alignment > best ? alignment : best;
            }
        }

        return best;
    }

    private async ValueTask<Alignment> AlignAsync(DmarcWalk author, string domain, AuthResult result, bool isStrict, CancellationToken cancellation)
    {
        Alignment aligned = result == AuthResult.Pass ? Alignment.Passed : Alignment.Unknown;
        if (DnsNames.Domain(domain) is not { } name)
        {
            return Alignment.None;
        }

        if (name == author.Start)
        {
            return aligned;
        }

        if (isStrict || !ShareAnEnd(name, author.Start))
        {
            return Alignment.None;
        }

        DmarcWalk other = await _tree.WalkAsync(name, cancellation).ConfigureAwait(false);
        return author.Problem is not null || other.Problem is not null ? Alignment.Unknown
            : author.Organization == other.Organization ? aligned
            : Alignment.None;
    }

    // Names of one organization end alike; of others nothing needs to be asked.
    private static bool ShareAnEnd(string left, string right) =>
        left.AsSpan(left.LastIndexOf('.') + 1).SequenceEqual(right.AsSpan(right.LastIndexOf('.') + 1));

    private async ValueTask<(DmarcPolicy Policy, string? Problem)> WantedAsync(string author, (string Domain, DmarcRecord Record) policy, CancellationToken cancellation)
    {
        if (policy.Domain == author)
        {
            return (policy.Record.Policy, null);
        }

        if (policy.Record.AbsentPolicy == policy.Record.SubdomainPolicy)
        {
            return (policy.Record.SubdomainPolicy, null);
        }

        // A name that does not exist has nothing of any kind (section 3.2.13).
        DnsAnswer there = await dns.QueryAsync(author, DnsRecordType.Txt, cancellation).ConfigureAwait(false);
        return (there.Status == DnsStatus.NoSuchName ? policy.Record.AbsentPolicy : policy.Record.SubdomainPolicy, there.Status == DnsStatus.Failed ? $"TXT of {author}: {there.Reason}" : null);
    }

    private enum Alignment
    {
        None,
        Unknown,
        Passed,
    }
}
