namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Lets some threads run one at a time, and decides by a seed who goes on whenever one comes to a place where another might have been quicker.</summary>
/// <remarks>The same seed gives the same order. A place is every call out of what is tested: the clock, the wire, handlers, waiting for each other.</remarks>
internal sealed class Scheduler(int seed)
{
    // A run that comes to no end is a fault: somebody waits for something that nobody does.
    private const int MostSteps = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [ThreadStatic]
    private static Actor? t_actor;

    private readonly Random _random = new(seed);
    private readonly List<Actor> _actors = [];
    private readonly List<Thread> _threads = [];
    // Of the kernel, without spinning: who spins on a busy machine gives a slice away with each turn, to somebody who is not awaited.
    private readonly AutoResetEvent _back = new(false);
    private readonly List<Exception> _failures = [];
    private int _steps;

    public int Next(int below) => _random.Next(below);

    /// <summary>Adds a thread, now or while the others run.</summary>
    public void Start(string name, Action run)
    {
        var actor = new Actor(name);
        _actors.Add(actor);
        var thread = new Thread(() =>
        {
            t_actor = actor;
            Session(actor, run);
        })
        {
            IsBackground = true,
            Name = name,
        };
        _threads.Add(thread);
        thread.Start();
    }

    /// <summary>A place: somebody else may go on first.</summary>
    public void Place()
    {
        if (t_actor is { } actor)
        {
            _back.Set();
            actor.Go.WaitOne();
        }
    }

    /// <summary>Waits for something that another thread does.</summary>
    public void Until(Func<bool> condition)
    {
        Actor actor = t_actor!;
        actor.WaitsFor = condition;
        Place();
        actor.WaitsFor = null;
    }

    /// <summary>Runs all to their end.</summary>
    /// <param name="describe">Says how things stand, where there is no end.</param>
    /// <exception cref="InvalidOperationException">They come to none, or one has failed.</exception>
    public void Run(Func<string> describe)
    {
        while (true)
        {
            Actor[] able = [.. _actors.Where(static actor => !actor.IsDone && (actor.WaitsFor?.Invoke() ?? true))];
            if (able.Length == 0)
            {
                break;
            }

            if (++_steps > MostSteps)
            {
                throw new InvalidOperationException($"No end after {MostSteps} steps; at work: {string.Join(", ", able.Select(static actor => actor.Name))}; {describe()}");
            }

            able[_random.Next(able.Length)].Go.Set();
            if (!_back.WaitOne(s_patience))
            {
                throw new InvalidOperationException("A thread does not come to its next place.");
            }
        }

        if (_failures.Count > 0)
        {
            throw new InvalidOperationException("A thread has failed.", _failures[0]);
        }

        if (_actors.FirstOrDefault(static actor => !actor.IsDone) is { } left)
        {
            throw new InvalidOperationException($"{left.Name} waits for something that nobody does.");
        }

        _threads.ForEach(static thread => thread.Join());
        _actors.ForEach(static actor => actor.Go.Dispose());
        _back.Dispose();
    }

    private void Session(Actor actor, Action run)
    {
        actor.Go.WaitOne();
        Milter.Session.Pause.Use(Place);
        try
        {
            run();
        }
        catch (Exception e)
        {
            _failures.Add(e);
        }

        actor.IsDone = true;
        _back.Set();
    }

    private sealed class Actor(string name)
    {
        public string Name => name;

        public AutoResetEvent Go { get; } = new(false);

        public Func<bool>? WaitsFor { get; set; }

        public volatile bool IsDone;
    }
}
