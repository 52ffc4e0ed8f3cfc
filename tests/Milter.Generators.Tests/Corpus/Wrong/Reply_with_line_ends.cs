[Milter]
partial class Filter
{
    [OnEom] Verdict End([Header("Subject")] string? subject) => Verdict.Reject(550, "5.7.1", $"No: {{|MILTER095:subject|}}", {|MILTER085:"See\r\nhttps://example.org"|});
}
