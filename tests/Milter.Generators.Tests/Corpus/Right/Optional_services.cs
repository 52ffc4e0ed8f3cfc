// services that need not be there
//> EOM: InsertHeader X-Services|True True 3 0 True 1
//> EOM: InsertHeader X-Services|True True 3 0 True 1
[Milter]
partial class Filter(Uri? link, Version? version = null, int limit = 3, params string[] more)
{
    [OnEom] void End([FromServices] Random? random, [FromServices] List<string> words, HeaderAdder adder) =>
        adder.Add("X-Services", $"{link is null} {version is null} {limit} {more.Length} {random is null} {words.Count}");
}
