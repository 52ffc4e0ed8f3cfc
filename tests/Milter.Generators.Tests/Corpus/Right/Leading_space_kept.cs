// header values as they were sent
//> EOM: InsertHeader X-Value| 'Hello'
//> EOM: InsertHeader X-Value| 'Again'
[Milter(PreserveHeaderSpace = true)]
partial class Filter
{
    [OnEom] void End([Header("Subject")] string? subject, HeaderAdder adder) => adder.Add("X-Value", $"'{subject}'");
}
