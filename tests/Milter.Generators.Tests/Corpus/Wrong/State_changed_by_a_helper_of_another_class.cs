sealed class Score { public int Points; public List<string> Why { get; } = []; }

static class Scoring
{
    public static void Add(this Score score, string why)
    {
        score.Points++;
        score.Why.Add(why);
    }

    public static void Heavy(Score score) => score.Points += 5;
}

[Milter]
partial class Filter
{
    private readonly Score _score = new();
    private readonly Score _heavy = new();

    [OnHeader("X-Spam-Flag")] void Flag(string value) => {|MILTER110:_score.Add(value)|};

    [OnHeader("X-Virus")] void Virus(string value) => {|MILTER110:Scoring.Heavy(_heavy)|};

    [OnEom] Verdict End() => _score.Points + _heavy.Points > 3 ? Verdict.Reject() : Verdict.Continue;
}
