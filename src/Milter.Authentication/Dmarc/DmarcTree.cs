namespace Milter.Auth;

/// <summary>Walks from a domain up to the root, a label a step, and finds where records are (RFC 9989 section 4.10). A walk asks eight times at most.</summary>
internal sealed class DmarcTree(IDnsQuery dns)
{
    private const int MostLabels = 7;

    private readonly Dictionary<string, DmarcWalk> _walks = new(StringComparer.Ordinal);

    /// <summary>Walks from a domain in normal form.</summary>
    public async ValueTask<DmarcWalk> WalkAsync(string domain, CancellationToken cancellation)
    {
        if (!_walks.TryGetValue(domain, out DmarcWalk? walk))
        {
            walk = await UpAsync(domain, cancellation).ConfigureAwait(false);
            _walks.Add(domain, walk);
        }

        return walk;
    }

    private async ValueTask<DmarcWalk> UpAsync(string domain, CancellationToken cancellation)
    {
        string[] labels = domain.Split('.');
        var found = new List<(string Domain, DmarcRecord Record)>();
        for (int count = labels.Length; count > 0; count = count > MostLabels ? MostLabels : count - 1)
        {
            string target = string.Join('.', labels[^count..]);
            DnsAnswer answer = await dns.QueryAsync("_dmarc." + target, DnsRecordType.Txt, cancellation).ConfigureAwait(false);
            if (answer.Status == DnsStatus.Failed)
            {
                return new DmarcWalk(domain, found, $"TXT of _dmarc.{target}: {answer.Reason}");
            }

            // Several records of one name are none.
            DmarcRecord[] records = [.. answer.Texts.Select(DmarcRecord.Parse).OfType<DmarcRecord>()];
            if (records is [var one])
            {
                found.Add((target, one));
                if (one.IsPublicSuffix is not null)
                {
                    break;
                }
            }
        }

        return new DmarcWalk(domain, found, null);
    }
}

/// <summary>What a walk has found.</summary>
/// <param name="Start">Where it began.</param>
/// <param name="Records">The records, from the longest name to the shortest.</param>
/// <param name="Problem">Why it ended too early; <see langword="null"/> where it did not.</param>
internal sealed record DmarcWalk(string Start, IReadOnlyList<(string Domain, DmarcRecord Record)> Records, string? Problem)
{
    /// <summary>Gets the organizational domain (section 4.10.2).</summary>
    public string Organization
    {
        get
        {
            foreach ((string domain, DmarcRecord record) in Records)
            {
                if (record.IsPublicSuffix == false)
                {
                    return domain;
                }

                if (record.IsPublicSuffix == true && domain != Start)
                {
                    string above = Start[..^(domain.Length + 1)];
                    return $"{above[(above.LastIndexOf('.') + 1)..]}.{domain}";
                }
            }

            return Records.Count > 0 ? Records[^1].Domain : Start;
        }
    }

    /// <summary>Gets the record that holds for the domain: its own, that of its organization, that of the public suffix (section 4.10.1).</summary>
    public (string Domain, DmarcRecord Record)? Policy
    {
        get
        {
            string organization = Organization;
            foreach ((string Domain, DmarcRecord Record) one in Records)
            {
                if (one.Domain == Start || one.Domain == organization || one.Record.IsPublicSuffix == true)
                {
                    return one;
                }
            }

            return null;
        }
    }
}
