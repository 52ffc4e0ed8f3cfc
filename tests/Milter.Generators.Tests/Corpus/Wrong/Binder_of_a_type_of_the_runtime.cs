[assembly: {|MILTER050:MessageBinder<MessageHeaders, SortedBinder>|}]

[Needs(Headers = true)]
public sealed class SortedBinder : IMessageBinder<SortedBinder, MessageHeaders>
{
    public static ValueTask<MessageHeaders> BindAsync(MessageBindingContext context) => new(context.Headers);
}

[Milter]
partial class Filter
{
    [OnEom] Verdict End(MessageHeaders sorted) => Verdict.Continue;
}
