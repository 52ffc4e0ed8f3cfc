[assembly: MessageBinder<Size, SizeBinder>]

public sealed record Size(long Bytes);

[{|MILTER100:Needs(Body = true, Macros = ["{daemon_nam}"])|}]
public sealed class SizeBinder : IMessageBinder<SizeBinder, Size>
{
    public static ValueTask<Size> BindAsync(MessageBindingContext context) => new(new Size(context.Body.Length));
}

[Milter]
public partial class Filter
{
    [OnEom] Verdict End(Size size) => size.Bytes > 1000 ? Verdict.Reject() : Verdict.Continue;

    [OnEoh] Verdict Eoh(Size {|MILTER040:size|}) => size.Bytes > 1000 ? Verdict.Reject() : Verdict.Continue;
}
