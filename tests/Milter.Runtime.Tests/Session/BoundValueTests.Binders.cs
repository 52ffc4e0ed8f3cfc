using Milter.CompilerServices;

namespace Milter.Runtime.Tests.Session;

/// <content>Their binders, which write down what becomes of values.</content>
public sealed partial class BoundValueTests
{
    private static List<string> LogOf(MessageBindingContext context) => (List<string>)context.Services.GetService(typeof(List<string>))!;

    private sealed class Services(List<string> log) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(List<string>) ? log : null;
    }

    private sealed class Tree(MessageBindingContext context, List<string> log) : IAsyncDisposable
    {
        public MessageBindingContext Context => context;

        public List<string> Log => log;

        public Verdict Says { get; set; }

        public string? Mark { get; set; }

        public bool Throws { get; set; }

        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            log.Add("dispose");
            return default;
        }
    }

    private sealed class TreeBinder : IMessageBinder<TreeBinder, Tree>
    {
        public static ValueTask<Tree> BindAsync(MessageBindingContext context)
        {
            List<string> log = LogOf(context);
            log.Add("make");
            return new(new Tree(context, log));
        }

        public static async ValueTask<Verdict> CompleteAsync(Tree value, MessageBindingContext context)
        {
            value.Log.Add($"complete {context.Stage}");
            await Task.CompletedTask;
            if (value.Mark is { } mark)
            {
                context.HeaderEditor!.Append("X-Mark", mark);
            }

            return value.Throws ? throw new IOException("broken") : value.Says;
        }
    }

    private sealed record Parts(Tree Tree) : IDisposable
    {
        public void Dispose() => Tree.Log.Add("dispose parts");
    }

    private sealed class PartsBinder : IMessageBinder<PartsBinder, Parts>
    {
        public static async ValueTask<Parts> BindAsync(MessageBindingContext context) => new(await context.GetAsync<TreeBinder, Tree>());
    }

    private sealed record Last(List<string> Log);

    private sealed class LastBinder : IMessageBinder<LastBinder, Last>
    {
        public static int CompletionOrder => int.MaxValue;

        public static ValueTask<Last> BindAsync(MessageBindingContext context) => new(new Last(LogOf(context)));

        public static ValueTask<Verdict> CompleteAsync(Last value, MessageBindingContext context)
        {
            value.Log.Add("complete last");
            return default;
        }
    }

    private sealed class Broken : IDisposable
    {
        public void Dispose() => throw new IOException("broken");
    }

    private sealed class BrokenBinder : IMessageBinder<BrokenBinder, Broken>
    {
        public static ValueTask<Broken> BindAsync(MessageBindingContext context) => new(new Broken());
    }

    private sealed class SelfBinder : IMessageBinder<SelfBinder, string>
    {
        public static ValueTask<string> BindAsync(MessageBindingContext context) => context.GetAsync<SelfBinder, string>();
    }
}
