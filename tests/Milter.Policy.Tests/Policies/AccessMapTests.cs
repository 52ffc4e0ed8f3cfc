using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Milter.Policy.Tests;

public sealed class AccessMapTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly HandClock _clock = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("joe@mail.example.org", "FULL")]
    [InlineData("joe+lists@mail.example.org", "FULL")]
    [InlineData("jim@mail.example.org", "HOST")]
    [InlineData("jim@www.example.org", "DOMAIN")]
    [InlineData("user@www.example.org", "USER")]
    [InlineData("user@elsewhere.test", "USER")]
    [InlineData("tagged@mail.example.org", "TAGGED")]
    [InlineData("jim@skipped.example.org", null)]
    [InlineData("jim@below.skipped.example.org", null)]
    [InlineData("jim@notexample.org", null)]
    [InlineData("JOE@MAIL.EXAMPLE.ORG", "FULL")]
    [InlineData("", null)]
    public void Addresses_are_found_in_Sendmails_order(string address, string? value)
    {
        AccessMap map = Map("""
            # what stands under a tag goes before what does not
            joe@mail.example.org    FULL
            mail.example.org        HOST
            example.org             DOMAIN
            user@                   USER
            From:tagged@mail.example.org  TAGGED
            tagged@mail.example.org UNTAGGED
            skipped.example.org     SKIP
            To:jim@mail.example.org RCPT
            """);

        Assert.Equal(value, map.FindSender(address)?.Value);
    }

    [Theory]
    [InlineData("mail.example.org", "192.0.2.7", "NAME")]
    [InlineData("www.example.org", "192.0.2.7", "DOMAIN")]
    [InlineData("unknown", "192.0.2.7", "ADDRESS")]
    [InlineData("[192.0.2.8]", "192.0.2.8", "NET24")]
    [InlineData(null, "192.0.3.8", "NET16")]
    [InlineData(null, "10.1.2.3", "NET8")]
    [InlineData(null, "203.0.113.1", null)]
    [InlineData(null, "198.51.100.9", null)]
    [InlineData(null, "2001:db8:1::5", "V6")]
    public void Clients_are_found_by_name_domain_address_and_network(string? name, string address, string? value)
    {
        AccessMap map = Map("""
            Connect:mail.example.org  NAME
            Connect:example.org       DOMAIN
            Connect:192.0.2.7         ADDRESS
            192.0.2                   NET24
            Connect:192.0             NET16
            Connect:10                NET8
            Connect:198.51.100        SKIP
            Connect:198               NOTREACHED
            Connect:IPv6:2001:db8     V6
            """);

        Assert.Equal(value, map.FindClient(name, IPAddress.Parse(address))?.Value);
    }

    [Theory]
    [InlineData("OK", AccessAction.Ok, "Continue")]
    [InlineData("RELAY", AccessAction.Relay, "Continue")]
    [InlineData("REJECT", AccessAction.Reject, "Reject 550 5.7.1 Access denied")]
    [InlineData("discard", AccessAction.Discard, "Discard")]
    [InlineData("550 Go away", AccessAction.Error, "Reject 550 5.7.1 Go away")]
    [InlineData("ERROR:5.7.1:550 Go away", AccessAction.Error, "Reject 550 5.7.1 Go away")]
    [InlineData("ERROR:\"550 Go away\"", AccessAction.Error, "Reject 550 5.7.1 Go away")]
    [InlineData("ERROR:4.2.2:450 mailbox full", AccessAction.Error, "TempFail 450 4.2.2 mailbox full")]
    [InlineData("ERROR:4.2.2 later", AccessAction.Error, "TempFail 451 4.2.2 later")]
    [InlineData("ERROR:we know you", AccessAction.Error, "Reject 550 5.7.1 we know you")]
    [InlineData("QUARANTINE:looks odd", AccessAction.Quarantine, "Continue")]
    [InlineData("CBV", AccessAction.Other, "Continue")]
    public void A_value_is_a_verdict(string value, AccessAction action, string verdict)
    {
        AccessEntry entry = Map($"example.org  {value}").FindSender("joe@example.org")!;

        Assert.Equal((action, verdict), (entry.Action, entry.Verdict.ToString()));
        Assert.Equal(action == AccessAction.Quarantine ? "looks odd" : "", entry.Text);
    }

    [Theory]
    [InlineData("joe@example.org", "REJECT")]
    [InlineData("jim@example.org", "CBV")]
    [InlineData("jim@example.net", "DSN")]
    public void Words_of_ones_own_are_tags_with_a_default(string sender, string value)
    {
        AccessMap map = Map("SPF-Fail:joe@example.org REJECT\nSPF-Fail:example.org CBV\nSPF-Fail: DSN\nexample.net OK\n");

        Assert.Equal(value, map.FindPolicy("SPF-Fail", sender)?.Value);
    }

    [Fact]
    public void A_change_is_read_and_a_bad_one_leaves_the_old()
    {
        var bench = new PolicyBench();
        AccessMap map = Map("example.org REJECT", new Logger(bench));
        File.WriteAllText(_file, "example.org OK\nexample.net OK\n");
        Assert.Equal("REJECT", map.FindSender("joe@example.org")?.Value);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("OK", map.FindSender("joe@example.org")?.Value);

        File.WriteAllText(_file, "example.org\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("OK", map.FindSender("joe@example.org")?.Value);
        Assert.Contains($"{_file}:1: \"example.org\" has no value", bench.Log.Last(), StringComparison.Ordinal);

        File.Delete(_file);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("OK", map.FindSender("joe@example.org")?.Value);
    }

    [Fact]
    public void All_lines_that_are_wrong_are_told_at_once()
    {
        string[] complaints = Assert.Throws<FormatException>(() => Map("example.org\nexample.net ERROR:5.7.1:999 what\nexample.com ERROR:5.7.1:450 mixed\n")).Message.Split('\n');

        Assert.StartsWith($"{_file}:1: \"example.org\" has no value.", complaints[0], StringComparison.Ordinal);
        Assert.StartsWith($"{_file}:3:", complaints[^1], StringComparison.Ordinal);
    }

    private AccessMap Map(string text, ILogger<AccessMap>? logger = null)
    {
        File.WriteAllText(_file, text);
        return new AccessMap(Options.Create(new AccessMapOptions { File = _file }), logger ?? new Logger(new PolicyBench()), _clock);
    }

    private sealed class Logger(ILogger inner) : ILogger<AccessMap>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
