[Milter]
partial class Filter
{
    [OnEoh] void Headers([{|MILTER044:Header("Subject:")|}] string? subject) { }
    [{|MILTER044:OnHeader("X Spam")|}] void Spam(HeaderField field) { }
}
