namespace Milter.GeneratorBench;

/// <summary>Fifty filters as people write them, four handlers each.</summary>
internal static class Sources
{
    public const int HandlersPerClass = 4;

    /// <summary>Classes that have nothing to do with mail.</summary>
    public static string Crowd(string space, int count) =>
        $"namespace {space}; {string.Concat(Enumerable.Range(0, count).Select(i => $"public sealed class Other{i} {{ public int Value; }}\n"))}";

    public static IEnumerable<string> All() => Enumerable.Range(0, 50).Select(i => $$"""
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Milter;

        namespace Filters.N{{i}};

        [Milter]
        public sealed partial class Filter{{i}}(List<string> words)
        {
            private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "No, thank you");

            [PerMessage] private readonly List<string> _recipients = [];
            [PerMessage] private int _bytes;

            [OnMail]
            private Verdict From(EnvelopeAddress sender, ConnectInfo? client) => sender.IsNull || client is null ? Verdict.Continue : Verdict.Accept;

            [OnRcpt]
            private void To(string recipient) => _recipients.Add(recipient);

            [OnBody]
            private void Chunk(System.ReadOnlySpan<byte> chunk) => _bytes += chunk.Length;

            [OnEom]
            private async Task<Verdict> End([Header("Subject")] string? subject, [Macro("{auth_authen}")] string? user, HeaderEditor headers, CancellationToken ct)
            {
                await Task.Delay(_bytes, ct);
                if (subject is not null && words.Contains(subject))
                {
                    return s_no;
                }

                headers.Set("X-Filter", user ?? "{{i}}");
                return Verdict.Continue;
            }
        }
        """);
}
