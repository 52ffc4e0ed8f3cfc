// a positional record, whose copy constructor is not counted
//> EOM: InsertHeader X-Words|Hello 1
//> EOM: InsertHeader X-Words|Again 1
[Milter]
partial record Filter(List<string> Words)
{
    [OnEom] void End([Header("Subject")] string? subject, HeaderAdder adder) => adder.Add("X-Words", $"{subject} {Words.Count}");
}
