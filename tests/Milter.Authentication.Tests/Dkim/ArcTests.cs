using System.Text;
using Milter.Auth;

namespace Milter.Tests;

/// <summary>Chains of intermediaries (RFC 8617).</summary>
public sealed class ArcTests
{
    private const string Usual = "From: joe@example.net\r\nTo: ann@example.org\r\nSubject: hello";
    private static readonly byte[] s_body = "Hello\r\n"u8.ToArray();

    private readonly FakeDns _dns = new();
    private readonly TestSigner _signer = new(1024) { Forms = "relaxed/relaxed" };

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Makes the fields of so many sets, the newest at the top of the message.</summary>
    private List<byte[]> Sets(int count, string secondJudged = "pass")
    {
        var inOrder = new List<byte[]>();
        for (int i = 1; i <= count; i++)
        {
            _signer.More = $"i={i}; ";
            inOrder.Add(Bytes($"ARC-Authentication-Results: i={i}; mx{i}.example.org;\r\n\tspf=pass"));
            inOrder.Add(_signer.Sign(Bytes(Usual), s_body, name: "ARC-Message-Signature"));
            inOrder.Add(_signer.Seal([.. inOrder], i, i == 1 ? "none" : secondJudged));
        }

        return inOrder;
    }

    private async Task<ArcResult> VerifyAsync(IEnumerable<byte[]> fields, string header = Usual, bool hasKey = true)
    {
        _ = hasKey ? _dns.Text("sel._domainkey.example.net", _signer.KeyRecord) : _dns.Failing("sel._domainkey.example.net", DnsRecordType.Txt);
        byte[] all = [.. fields.Reverse().SelectMany(static one => (byte[])[.. one, .. "\r\n"u8]), .. Bytes(header)];
        var keys = new DkimVerifier(_dns, new AuthenticationOptions(), TimeProvider.System);
        return await new ArcVerifier(keys).VerifyAsync(new RawMessage(new RawHeader(all), () => new MemoryStream(s_body)), CancellationToken.None);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_chain_that_holds_tells_who_has_had_the_message(int count)
    {
        ArcResult result = await VerifyAsync(Sets(count));

        Assert.True(result.Result == AuthResult.Pass, result.ToString());
        Assert.Equal(Enumerable.Range(1, count), result.Sets.Select(static one => one.Instance));
        Assert.Contains("mx1.example.org", result.Sets[0].AuthenticationResults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_chain_is_none() => Assert.Equal(AuthResult.None, (await VerifyAsync([])).Result);

    [Fact]
    public async Task What_breaks_a_chain_fails_it()
    {
        List<byte[]> sets = Sets(2);

        Assert.Equal(AuthResult.Fail, (await VerifyAsync(sets, Usual.Replace("hello", "other", StringComparison.Ordinal))).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync(sets.Skip(1))).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync(sets.Skip(3))).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync([.. sets, sets[0]])).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync([Bytes("ARC-Authentication-Results: i=1; mx1.example.org; spf=fail"), .. sets.Skip(1)])).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync(Sets(2, "fail"))).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync(Sets(2, "none"))).Result);
        Assert.Equal(AuthResult.TempError, (await VerifyAsync(Sets(2), hasKey: false)).Result);
    }
}
