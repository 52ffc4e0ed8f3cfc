using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>A filter that says by which options it judges: those that it saw when the message began, and those at its end.</summary>
[Milter]
internal sealed partial class JudgeFilter(IOptionsSnapshot<JudgeOptions> options)
{
    private string _atStart = options.Value.ToString();

    [OnMail]
    private Verdict Mail() => (_atStart = options.Value.ToString()).Length > 0 ? Verdict.Continue : Verdict.TempFail();

    [OnEom]
    private Verdict End([FromServices] IOptionsSnapshot<JudgeOptions> now) => Verdict.Reject(550, "5.7.1", $"{_atStart} {now.Value}");
}

/// <summary>Two values that always change together.</summary>
internal sealed class JudgeOptions
{
    public string First { get; set; } = "none";

    public string Second { get; set; } = "none";

    public override string ToString() => $"{First}/{Second}";
}

/// <summary>The filter as a program.</summary>
internal static class JudgeHost
{
    public static void Add(IServiceCollection services)
    {
        services.AddMilter<JudgeFilter>("inet:0@localhost");
        services.AddOptions<JudgeOptions>().BindConfiguration("Judge").Validate(static options => options.First != "wrong", "Judge:First is wrong.\nMend it.").ValidateOnStart();
    }

    public static async Task RunAsync(string[] settings)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(settings);
        Add(builder.Services);
        IHost host = builder.Build();

        // Ends with the test that has started it, whatever becomes of that.
        _ = Task.Run(static () =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(70);
        });
        await host.RunMilterAsync();
    }
}
