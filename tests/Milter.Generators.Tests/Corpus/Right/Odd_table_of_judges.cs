// verdicts of a table of functions, of interfaces, of tasks that run together
interface IJudge { Verdict Judge(EnvelopeAddress from); }

sealed class NullJudge : IJudge { public Verdict Judge(EnvelopeAddress from) => from.Is("x@null.test") ? Verdict.Reject() : Verdict.Continue; }

[Milter]
partial class Filter
{
    private readonly IJudge[] _judges = [new NullJudge()];
    private readonly Func<EnvelopeAddress, Verdict>[] _checks;

    public Filter() => _checks = [Short, from => from.LocalPart.Length > 64 ? Verdict.Reject() : Verdict.Continue];

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        Verdict verdict = Verdict.Continue;
        foreach (IJudge judge in _judges)
        {
            verdict = judge.Judge(from);
            if (!verdict.IsContinue)
            {
                break;
            }
        }

        foreach (Func<EnvelopeAddress, Verdict> check in _checks)
        {
            if (check(from) is { IsContinue: false } found)
            {
                return found;
            }
        }

        return verdict;
    }

    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        string domain = to.Domain;
        Task<Verdict> one = CheckAsync(domain, 1, ct);
        Task<Verdict> two = CheckAsync(domain, 2, ct);
        Verdict[] all = await Task.WhenAll(one, two);
        Verdict worst = Verdict.Continue;
        foreach (Verdict verdict in all)
        {
            if (verdict.Kind is VerdictKind.Reject or VerdictKind.TempFail)
            {
                worst = verdict;
            }
        }

        _ = CheckAsync(domain, 3, ct);
        return worst == Verdict.Continue || worst != default ? worst : Verdict.TempFail();
    }

    private Verdict Short(EnvelopeAddress from) => from.Domain.Length == 1 ? Verdict.Reject() : Verdict.Continue;

    private static async Task<Verdict> CheckAsync(string domain, int length, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return domain.Length == length ? Verdict.Reject() : Verdict.Continue;
    }
}
