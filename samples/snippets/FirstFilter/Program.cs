using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter;

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddMilter<SizeNote>("inet:9199@localhost");
    return builder.Build();
});

/// <summary>Notes in every message how large it was and who sent it, and refuses what is too large for us.</summary>
[Milter]
sealed partial class SizeNote(ILogger<SizeNote> log)
{
    const long Limit = 20_000_000;

    [PerMessage]
    long _size;

    [OnBody]
    void Count(ReadOnlySpan<byte> chunk) => _size += chunk.Length; // returns nothing: the MTA does not wait

    [OnEom]
    Verdict End(MessageEnvelope envelope, HeaderAdder headers)
    {
        if (_size > Limit)
        {
            log.LogInformation("{Size} bytes from {Sender} refused", _size, envelope.Sender);
            return Verdict.Reject(552, "5.3.4", "Please send large files by other means");
        }

        headers.Add("X-Body-Size", $"{_size}");
        return Verdict.Continue;
    }
}
