using Milter;

namespace Ordinary.DeclaredSize;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_tooBig = Verdict.Reject(552, "5.3.4", "Messages have 20 megabytes at most");

    [OnMail]
    private static Verdict From(EnvelopeAddress sender) =>
        sender.Arguments["SIZE"] is { } size && long.TryParse(size, out long bytes) && bytes > 20_000_000 ? s_tooBig : Verdict.Continue;
}
