sealed record Marks(bool IsBulk, int Score);

[Milter]
partial class Filter
{
    private Marks _marks = new(false, 0);

    [OnHeader("Precedence", "List-Id")]
    void Bulk(HeaderField field) => {|MILTER110:_marks|} = _marks with { IsBulk = field.Value.Length > 0, Score = _marks.Score + 1 };

    [OnEom] Verdict End() => _marks is { IsBulk: true, Score: > 1 } ? Verdict.Discard : Verdict.Continue;
}
