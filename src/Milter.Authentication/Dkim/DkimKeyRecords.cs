using System.Runtime.CompilerServices;

namespace Milter.Auth;

/// <summary>The keys in an answer of the DNS, read once for as long as the answer is kept: to read an RSA key costs more than to verify by it.</summary>
internal sealed class DkimKeyRecords
{
    private static readonly ConditionalWeakTable<DnsAnswer, DkimKeyRecords> s_known = [];

    private readonly IReadOnlyList<string> _records;
    private Found? _rsa;
    private Found? _ed25519;

    private DkimKeyRecords(IReadOnlyList<string> records) => _records = records;

    /// <summary>Gives those of an answer.</summary>
    public static DkimKeyRecords Of(DnsAnswer answer) => s_known.GetValue(answer, static answer => new DkimKeyRecords(answer.Texts));

    /// <summary>Finds the first key that can be used.</summary>
    /// <returns>The key, or why there is none.</returns>
    public (DkimKey? Key, string Problem) Find(bool wantsEd25519)
    {
        // Two threads may read it at once: both find the same.
        Found found = wantsEd25519 ? _ed25519 ??= Read(wantsEd25519) : _rsa ??= Read(wantsEd25519);
        return (found.Key, found.Problem);
    }

    private Found Read(bool wantsEd25519)
    {
        string problem = "there is no such key";
        foreach (string record in _records)
        {
            if (DkimKey.Parse(record, wantsEd25519, out DkimKey? key) is not { } wrong)
            {
                return new Found(key, "");
            }

            problem = wrong;
        }

        return new Found(null, problem);
    }

    private sealed record Found(DkimKey? Key, string Problem);
}
