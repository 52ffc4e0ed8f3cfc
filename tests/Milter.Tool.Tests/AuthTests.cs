using System.Text.Json.Nodes;
using Milter.Tests;

namespace Milter.Tool.Tests;

/// <summary><c>milter auth</c>.</summary>
public sealed class AuthTests : IDisposable
{
    private const string Message = "From: joe@example.net\nTo: ann@example.org\nSubject: hello\n\nHello\n";

    private readonly ScriptedDns _dns = new(new DnsZone()
        .Text("example.net", "v=spf1 ip4:192.0.2.7 -all exp=why.example.net").Text("why.example.net", "%{i} is not one of %{d}")
        .Text("_dmarc.example.net", "v=DMARC1; p=reject"));

    public void Dispose() => _dns.Dispose();

    private Task<Ran> CheckAsync(params string[] args) => CheckMessageAsync(null, args);

    private Task<Ran> CheckMessageAsync(string? input, params string[] args) => Tool.RunAsync(input, ["auth", "check", .. args, "--resolver", _dns.Address]);

    private static JsonNode Json(Ran ran)
    {
        Assert.Single(ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return JsonNode.Parse(ran.Output)!;
    }

    [Theory]
    [InlineData("--client", "192.0.2.7", "joe@example.net", 0, "pass")]
    [InlineData("--client-ip", "198.51.100.9", "joe@example.net", 1, "fail")]
    [InlineData("--client", "198.51.100.9", "", 1, "fail")]
    [InlineData("--client", "198.51.100.9", "@example.net", 1, "fail")]
    [InlineData("--client", "198.51.100.9", "joe@absent.example", 0, "none")]
    public async Task An_envelope_is_judged_without_a_message(string option, string client, string from, int code, string result)
    {
        JsonNode json = Json((await CheckAsync(option, client, "--helo", "example.net", "--from", from, "--json")).Expect(code));

        Assert.Equal(result, json["spf"]!["result"]!.GetValue<string>());
        Assert.NotEqual("", json["spf"]!["reason"]!.GetValue<string>());
        Assert.Equal(result == "fail" ? "198.51.100.9 is not one of example.net" : null, json["spf"]!["explanation"]?.GetValue<string>());
        Assert.Empty(json["dkim"]!.AsArray());
        Assert.Equal("none", json["dmarc"]!["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_is_judged_by_DMARC_and_its_field_is_shown()
    {
        JsonNode json = Json((await CheckMessageAsync(Message, "-", "--client", "198.51.100.9", "--helo", "x.example", "--from", "bounce@example.org", "--json")).Expect(1));
        Assert.Equal(("fail", "reject"), (json["dmarc"]!["result"]!.GetValue<string>(), json["dmarc"]!["disposition"]!.GetValue<string>()));
        Assert.Contains("dmarc=fail", json["field"]!.GetValue<string>(), StringComparison.Ordinal);

        Ran text = (await CheckMessageAsync(Message, "-", "--client", "192.0.2.7", "--from", "joe@example.net")).Expect(0);
        Assert.Contains("DMARC  pass: SPF is aligned with example.net", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(DnsManner.ServerFailure), 75, "temperror")]
    [InlineData(nameof(DnsManner.CutOverUdp), 0, "pass")]
    public async Task What_the_resolver_does_shows_in_the_result_and_there_is_one_object(string manner, int code, string result)
    {
        _dns.Manner = _ => Enum.Parse<DnsManner>(manner);

        Assert.Equal(result, Json((await CheckAsync("--client", "192.0.2.7", "--from", "joe@example.net", "--json")).Expect(code))["spf"]!["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task Aliases_that_go_round_are_a_temporary_error()
    {
        _dns.Zone.Alias("loop.example", "loop2.example").Alias("loop2.example", "loop.example");

        Assert.Equal("temperror", Json((await CheckAsync("--client", "192.0.2.7", "--from", "joe@loop.example", "--json")).Expect(75))["spf"]!["result"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--client", "example.net")]
    [InlineData("--client", "7")]
    [InlineData("--client", "192.0.2.7", "--resolver", "nowhere")]
    public async Task What_is_no_address_is_said_so(params string[] args) => (await Tool.RunAsync(["auth", "check", .. args])).Expect(64);

    [Fact]
    public async Task A_key_is_for_its_owner_alone_and_never_written_over()
    {
        string folder = Directory.CreateTempSubdirectory("genkey-").FullName;
        try
        {
            string file = Path.Combine(folder, "key.pem");
            Ran made = (await Tool.RunAsync("auth", "genkey", "Example.net", "2026a", "--out", file)).Expect(0);
            Ran again = await Tool.RunAsync("auth", "genkey", "example.net", "2026a", "--out", file);
            Ran ed25519 = (await Tool.RunAsync("auth", "genkey", "example.net", "2026e", "--type", "ed25519", "--out", file + "2")).Expect(0);

            Assert.StartsWith("2026a._domainkey.example.net. IN TXT ( \"v=DKIM1; k=rsa; p=", made.Output, StringComparison.Ordinal);
            Assert.Contains("k=ed25519", ed25519.Output, StringComparison.Ordinal);
            Assert.Equal(66, again.Code);
            Assert.Equal("rsa-sha256", Auth.SigningKey.Parse(await File.ReadAllTextAsync(file)).Algorithm);
            Assert.Equal("ed25519-sha256", Auth.SigningKey.Parse(await File.ReadAllTextAsync(file + "2")).Algorithm);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Words_of_the_command_line_are_no_response_files() =>
        Assert.DoesNotContain("response", (await Tool.RunAsync("x\n\nhi\n", ["send", "inet:1@127.0.0.1", "--from", "@example.net"])).Error, StringComparison.OrdinalIgnoreCase);
}
