using System.CommandLine;
using Milter.Policy;

namespace Milter.Tool;

/// <summary><c>milter policy</c>: looks into the store of policies and corrects it by hand.</summary>
internal static class PolicyCommand
{
    /// <summary>More passes than any automatic list asks for.</summary>
    private const long AllowedPasses = 1_000_000;

    private static readonly string[] s_lists = [Greylist.Clients, Greylist.Triplets, KnownSenders.List, PolicyLimits.List];

    public static Command Make(Terminal terminal) =>
        new("policy", "Shows what policies keep (greylisted triplets, known clients and senders, limits), and changes it by hand. The store is that of the filter's settings.")
        {
            Show(terminal), Allow(terminal), Forget(terminal), Sql(terminal),
        };

    private static Command Show(Terminal terminal)
    {
        var text = new Argument<string?>("TEXT") { Description = "A text that keys contain: a domain, a network, the beginning of one; an address stands for its network, too.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> limit = NumberOption.Count("--limit", "How many keys at most.", 100);
        Option<string?> list = ListOption();
        var store = new StoreOptions();
        var command = new Command("show", "Lists keys: list, key, how often seen and passed, when first and last, until when it is kept.") { text, list, limit };
        store.AddTo(command);
        HelpWithExamples.Add("policy show", "milter policy show --settings /etc/greylist/appsettings.json 192.0.2.0/24", "milter policy show --list limits --store redis:localhost");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using IPolicyStore opened = store.Open(parsed);
            int most = parsed.GetValue(limit);
            string? given = parsed.GetValue(text);
            IReadOnlyList<StoredKey> keys = await StoreOptions.AskAsync(opened, one => one.ListAsync(parsed.GetValue(list), given, most, cancellation));
            if (given is not null && store.Clients(parsed).KeyOf(given) is { } network)
            {
                // Who looks for a client has its address; the greylist has its network.
                keys = [.. keys.Concat(await StoreOptions.AskAsync(opened, one => one.ListAsync(parsed.GetValue(list), network, most, cancellation))).DistinctBy(static key => (key.List, key.Key)).Take(most)];
            }

            foreach (StoredKey key in keys.OrderBy(static key => key.List, StringComparer.Ordinal).ThenBy(static key => key.Key, StringComparer.Ordinal))
            {
                await terminal.Output.WriteLineAsync(Line(key));
            }

            if (keys.Count == most)
            {
                await terminal.Error.WriteLineAsync($"milter: there may be more: these are {most} (--limit).");
            }

            return keys.Count > 0 ? ExitCode.Passed : ExitCode.Refused;
        });
        return command;
    }

    private static Command Allow(Terminal terminal)
    {
        Argument<string> key = Key();
        Option<string?> list = ListOption();
        Option<int> days = NumberOption.Whole("--days", "For how long, if it is not seen again.", 1, 36_500, 400);
        var store = new StoreOptions();
        var command = new Command("allow", $"Makes a key known: a client in {Greylist.Clients} (an address stands for its network), or whatever --list says.") { key, list, days };
        store.AddTo(command);
        HelpWithExamples.Add("policy allow", "milter policy allow 192.0.2.7", "milter policy allow --list known-senders example.org --days 90");
        command.SetAction(async (parsed, cancellation) =>
        {
            string given = parsed.GetValue(key)!;
            ClientText clients = store.Clients(parsed);
            string? client = clients.KeyOf(given);
            if (parsed.GetValue(list) is null or Greylist.Clients)
            {
                clients.RefuseOther(given);
            }

            string into = parsed.GetValue(list) ?? (client is not null
                ? Greylist.Clients
                : throw new ToolException(ExitCode.Usage, $"\"{given}\" is no address and no network: say by --list where it belongs ({string.Join(", ", s_lists)})."));
            string kept = into == Greylist.Clients ? client ?? given : given;
            await using IPolicyStore opened = store.Open(parsed);
            await StoreOptions.AskAsync(opened, async one =>
            {
                await one.PutAsync(into, kept, AllowedPasses, TimeSpan.FromDays(parsed.GetValue(days)), cancellation);
                return true;
            });
            await terminal.Output.WriteLineAsync($"{into}: {Shown.Plain(kept)} is allowed for {parsed.GetValue(days)} days from when it is last seen.");
            return ExitCode.Passed;
        });
        return command;
    }

    private static Command Forget(Terminal terminal)
    {
        Argument<string> key = Key();
        Option<string?> list = ListOption();
        var store = new StoreOptions();
        var command = new Command("forget", "Forgets a key as show has it, in all lists or the one that --list says: it is new, and its limits begin anew. Exit code 1 where there is none.") { key, list };
        store.AddTo(command);
        HelpWithExamples.Add("policy forget", "milter policy forget '192.0.2.0/24 joe@example.org ann@example.net'", "milter policy forget --list known-senders joe@example.org");
        command.SetAction(async (parsed, cancellation) =>
        {
            string given = parsed.GetValue(key)!;
            string client = store.Clients(parsed).KeyOf(given) ?? given;
            await using IPolicyStore opened = store.Open(parsed);
            bool isAny = false;
            foreach (string one in parsed.GetValue(list) is { } named ? [named] : s_lists)
            {
                if (await StoreOptions.AskAsync(opened, asked => asked.ForgetAsync(one, one == Greylist.Clients ? client : given, cancellation)))
                {
                    isAny = true;
                    await terminal.Output.WriteLineAsync($"{one}: {Shown.Plain(given)} is forgotten.");
                }
            }

            if (!isAny)
            {
                await terminal.Error.WriteLineAsync($"milter: {Shown.Plain(given)} is not there. \"milter policy show\" has the keys.");
            }

            return isAny ? ExitCode.Passed : ExitCode.Refused;
        });
        return command;
    }

    private static Command Sql(Terminal terminal)
    {
        var dialect = new Argument<string>("DATABASE") { Description = "postgresql or sqlite.", DefaultValueFactory = static _ => "postgresql" };
        dialect.AcceptOnlyFromAmong("postgresql", "sqlite");
        var command = new Command("sql", "Prints the SQL that makes the tables, for an owner to run where the filter's login may not.") { dialect };
        HelpWithExamples.Add("policy sql", "milter policy sql | sudo -u postgres psql mail");
        command.SetAction(async (parsed, _) =>
        {
            await terminal.Output.WriteAsync((parsed.GetValue(dialect) == "sqlite" ? SqlText.Sqlite : SqlText.PostgreSql).Script);
            return ExitCode.Passed;
        });
        return command;
    }

    private static Argument<string> Key() => new("KEY") { Description = "The key, as show has it." };

    private static Option<string?> ListOption() => new("--list") { Description = $"The list: {string.Join(", ", s_lists)}, or one of your own.", HelpName = "NAME" };

    private static string Line(StoredKey key) => key.Sighting is { } seen
        ? FormattableString.Invariant($"{key.List}\t{Shown.Plain(key.Key)}\tseen {seen.Times}, passed {seen.Passes}\t{seen.FirstSeen:u} to {seen.LastSeen:u}\tuntil {key.Expires:u}")
        : FormattableString.Invariant($"{key.List}\t{Shown.Plain(key.Key)}\tcounted {key.Total}\t\tuntil {key.Expires:u}");
}
