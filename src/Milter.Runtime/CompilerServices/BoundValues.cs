namespace Milter.CompilerServices;

/// <summary>The values that binders have made for one message: each made once, completed with the stages that take it, disposed of with the message.</summary>
/// <param name="context">What binders make their values of.</param>
internal sealed class BoundValues(MessageBindingContext context)
{
    private readonly List<BoundValue> _values = [];
    private int _made;

    /// <summary>Gets a value, and makes it where nobody has asked for it in this message.</summary>
    public ValueTask<TValue> GetAsync<TBinder, TValue>()
        where TBinder : IMessageBinder<TBinder, TValue>
    {
        foreach (BoundValue value in _values)
        {
            if (value is Bound<TBinder, TValue> known)
            {
                return known.TakeAsync(this);
            }
        }

        var added = new Bound<TBinder, TValue>();
        _values.Add(added);
        return added.TakeAsync(this);
    }

    /// <summary>Completes what was taken at the stage, unless its handlers refuse.</summary>
    /// <param name="verdict">What they say.</param>
    /// <returns>That, or what a completion says instead.</returns>
    public async ValueTask<Verdict> CompleteAsync(Verdict verdict)
    {
        while (GoesOn(verdict) && Next() is { } next)
        {
            next.Use = ValueUse.Completed;
            Verdict own = await next.CompleteAsync(context).ConfigureAwait(false);
            verdict = own.IsContinue ? verdict : own;
        }

        Leave();
        return verdict;
    }

    /// <summary>The stage is over: what was taken there is not taken any more, completed or not.</summary>
    public void Leave()
    {
        foreach (BoundValue value in _values)
        {
            value.Use = ValueUse.None;
        }
    }

    /// <summary>Disposes of all values, the last that was made first, whatever the others throw. Nobody gets any from then on.</summary>
    public async ValueTask DisposeAsync()
    {
        context.End();
        List<Exception>? failures = null;
        foreach (BoundValue value in _values.OrderByDescending(static value => value.Place))
        {
            try
            {
                await value.DisposeAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Told when all are done.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null)
        {
            throw failures.Count == 1 ? failures[0] : new AggregateException(failures);
        }
    }

    private static bool GoesOn(Verdict verdict) => verdict.Kind is VerdictKind.Continue or VerdictKind.Accept or VerdictKind.Skip;

    // Completions may ask for values that nobody has taken yet.
    private BoundValue? Next()
    {
        BoundValue? next = null;
        foreach (BoundValue value in _values)
        {
            if (value is { Use: ValueUse.Taken, IsMade: true } && (next is null || (value.Order, value.Place).CompareTo((next.Order, next.Place)) < 0))
            {
                next = value;
            }
        }

        return next;
    }

    private enum ValueUse
    {
        /// <summary>Not taken at this stage.</summary>
        None,

        /// <summary>Taken at this stage, by a handler or another binder.</summary>
        Taken,

        /// <summary>Completed at this stage.</summary>
        Completed,
    }

    private abstract class BoundValue
    {
        public ValueUse Use { get; set; }

        /// <summary>Gets or sets how many values were made before it. One that others are made of is made before them.</summary>
        public int Place { get; protected set; }

        public abstract int Order { get; }

        public abstract bool IsMade { get; }

        public abstract ValueTask<Verdict> CompleteAsync(MessageBindingContext context);

        public abstract ValueTask DisposeAsync();
    }

    private sealed class Bound<TBinder, TValue> : BoundValue
        where TBinder : IMessageBinder<TBinder, TValue>
    {
        private Task<TValue>? _value;
        private bool _isBegun;

        public override int Order => TBinder.CompletionOrder;

        public override bool IsMade => _value is { IsCompletedSuccessfully: true };

        public ValueTask<TValue> TakeAsync(BoundValues values)
        {
            if (Use == ValueUse.None)
            {
                Use = ValueUse.Taken;
            }

            if (_value is null)
            {
                if (_isBegun)
                {
                    throw new InvalidOperationException($"{typeof(TBinder).Name} asks for the value that it is to make itself.");
                }

                _isBegun = true;
                _value = MakeAsync(values);
            }

            return new ValueTask<TValue>(_value);
        }

        public override ValueTask<Verdict> CompleteAsync(MessageBindingContext context) => TBinder.CompleteAsync(_value!.Result, context);

        public override async ValueTask DisposeAsync()
        {
            if (_value is not { } made)
            {
                return;
            }

            // Somebody may not have waited for it.
            await ((Task)made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            object? value = made.IsCompletedSuccessfully ? made.Result : null;
            if (value is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (value as IDisposable)?.Dispose();
            }
        }

        private async Task<TValue> MakeAsync(BoundValues values)
        {
            TValue value = await TBinder.BindAsync(values.Context).ConfigureAwait(false);
            Place = values._made++;
            return value;
        }
    }

    private MessageBindingContext Context => context;
}
