using System.CommandLine;
using Microsoft.Extensions.Logging;
using Milter.Client;
using Milter.Testing;

namespace Milter.Tool;

/// <summary><c>milter run</c>: the same as send, with the filter in this process instead of behind a socket.</summary>
internal static class RunCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> project = ExplainCommand.Project();
        Argument<string[]> files = SendCommand.Files();
        var name = new Option<string?>("--filter") { Description = "The class, where there are several.", HelpName = "NAME" };
        Option<string?> framework = FilterProject.FrameworkOption();
        Option<bool> json = SendCommand.Json();
        Option<bool> brief = SendCommand.Brief();
        var mail = new MailOptions();
        var command = new Command("run", "Plays messages to a filter made with AttrMilter without starting it: it is loaded, and run on the engine of production, without sockets. Exit code as of send.") { project, files, name, framework, brief, json };
        mail.AddTo(command);
        HelpWithExamples.Add(
            "run",
            "milter run src/MyFilter message.eml",
            "milter run bin/Release/net10.0/myfilter.dll --client mail.example.test[192.0.2.9] --mta sendmail message.eml",
            "milter run src/MyFilter --filter ExternalTagger --brief ~/Maildir/cur");
        command.SetAction(async (parsed, cancellation) =>
        {
            string assembly = await FilterProject.ResolveAsync(parsed.GetValue(project)!, parsed.GetValue(framework), terminal, cancellation);
            CatalogEntry entry = Choose(Catalog.Read(assembly), parsed.GetValue(name));
            (LoadedFilter filter, Type type) = LoadedFilter.Load(Path.GetFullPath(entry.Assembly), entry.Name);
            FilterSource source = LoadedFilter.NeedsServices(type) ? await ProgramServices.StartAsync(ProgramOf(type, assembly), filter.Descriptor, cancellation) : new FilterSource(null);
            var room = new EngineRoom(filter.Descriptor, source.Create ?? filter.Create, source.Services, new MilterTestOptions());
            var log = new TestLog();
            var player = new MessagePlayer(async (options, token) => await MilterConnection.OpenAsync(room.NewFilter(log, chaos: null), options, token), mail.Read(parsed));
            try
            {
                return await SendCommand.PlayAsync(player, MessageSource.Read(parsed.GetValue(files)!, terminal), terminal, parsed.GetValue(json), parsed.GetValue(brief), cancellation);
            }
            finally
            {
                foreach (TestLogEntry logged in log.Take().Where(logged => logged.Level >= LogLevel.Warning))
                {
                    await terminal.Error.WriteLineAsync($"logged: {Shown.Plain(logged.ToString())}");
                }
            }
        });
        return command;
    }

    private static System.Reflection.Assembly ProgramOf(Type type, string assembly) =>
        type.Assembly.Location == assembly ? type.Assembly : System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(type.Assembly)!.LoadFromAssemblyPath(assembly);

    private static CatalogEntry Choose(IReadOnlyList<CatalogEntry> all, string? name)
    {
        IReadOnlyList<CatalogEntry> fitting = ExplainCommand.Named(all, name is null ? null : [name]);
        return fitting.Count == 1
            ? fitting[0]
            : throw new ToolException(ExitCode.Usage, $"There are several milters in it: name one with --filter. There is: {string.Join(", ", all.Select(entry => entry.ShortName))}.");
    }
}
