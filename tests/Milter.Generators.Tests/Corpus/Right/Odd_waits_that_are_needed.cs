// blocking where nobody waits for it: in the constructor, in a program, in a thread of its own, after the work is done
using System.Linq;

[Milter]
partial class Filter : IDisposable
{
    private static readonly string[] s_rules = LoadAsync().GetAwaiter().GetResult();
    private readonly Task<string[]> _loading = LoadAsync();
    private readonly string[] _own;

    public Filter() => _own = Task.Run(LoadAsync).Result;

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from)
    {
        string domain = from.Domain;
        string[] rules = _loading.IsCompletedSuccessfully ? _loading.Result : await _loading;
        return rules.Concat(_own).Concat(s_rules).Any(rule => domain.EndsWith(rule, StringComparison.OrdinalIgnoreCase)) ? Verdict.Reject() : Verdict.Continue;
    }

    public void Dispose() => _loading.Wait();

    private static async Task<string[]> LoadAsync()
    {
        await Task.Delay(1).ConfigureAwait(false);
        return [".invalid"];
    }
}
