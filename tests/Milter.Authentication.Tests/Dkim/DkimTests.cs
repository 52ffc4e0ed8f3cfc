using System.Text;
using Milter.Auth;

namespace Milter.Tests;

/// <summary>Signatures, verified on bytes.</summary>
public sealed class DkimTests
{
    private const string Usual = "From: joe@example.net\r\nTo: ann@example.org\r\nSubject: hello";
    private static readonly byte[] s_body = "Hello,\r\n\r\nthis is a  line \t with white space. \r\n\r\n\r\n"u8.ToArray();

    private readonly FakeDns _dns = new();
    private readonly ManualTime _clock = new();

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private async Task<DkimResult> VerifyAsync(TestSigner signer, string header = Usual, byte[]? body = null, byte[]? delivered = null, string? deliveredHeader = null, long? length = null, bool hasSpace = true, AuthenticationOptions? options = null)
    {
        body ??= s_body;
        byte[] signature = signer.Sign(Bytes(header), body, length);
        _dns.Text($"sel._domainkey.{signer.Domain}", signer.KeyRecord);
        return Assert.Single(await VerifyAsync([.. signature, .. "\r\n"u8, .. Bytes(deliveredHeader ?? header)], delivered ?? body, hasSpace, options));
    }

    private async Task<IReadOnlyList<DkimResult>> VerifyAsync(byte[] header, byte[] body, bool hasSpace = true, AuthenticationOptions? options = null) =>
        await new DkimVerifier(_dns, options ?? new AuthenticationOptions(), _clock).VerifyAsync(new RawMessage(new RawHeader(header), () => new MemoryStream(body), hasSpace), CancellationToken.None);

    public static TheoryData<string, string> Exact()
    {
        var data = new TheoryData<string, string>();
        string[] headers =
        [
            Usual,
            "From:joe@example.net\r\nTo:\tann@example.org\r\nSubject:  two blanks",
            "From : joe@example.net\r\nSUBJECT: case\r\nTo: a,\r\n\tb,\r\n   c",
            "From: j\u00f6rg@example.net\r\nSubject: raw \u00fc\u00ff\r\nTo: x",
            "From: joe@example.net\r\nSubject: \r\nTo:",
            "From: joe@example.net\r\nSubject: one\r\nSubject: two\r\nTo: a\rb\nc",
            "From: joe@example.net\r\nSubject: ends in white \t\r\nTo: \r\n folded",
        ];
        string[] bodies =
        [
            "", "\r\n", "\r\n\r\n", "x", "x\r\n", "x\r\n\r\n", " \r\n", "x \r\n \r\n\t\r\n", "a  b\tc \r\n", "bare\nline\rends\r\n", "\r\n\r\nstart", "\r", "x\r", "x\r\n\r", "\u00fc\u00ff\r\n", "..\r\n.\r\n", "  \t x", "tabs\t\t \tend \t\r\n",
        ];
        foreach (string header in headers)
        {
            data.Add(header, "Hello \r\n");
        }

        foreach (string body in bodies)
        {
            data.Add(Usual, body);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Every_byte_is_signed_as_it_came(string header, string body)
    {
        foreach (string forms in new[] { "simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed" })
        {
            DkimResult result = await VerifyAsync(new TestSigner(1024) { Forms = forms }, header, Bytes(body));

            Assert.True(result.Result == AuthResult.Pass, $"{forms}: {result}");
        }
    }

    [Fact]
    public async Task A_body_may_come_in_pieces_of_any_size()
    {
        foreach (string form in new[] { "simple/simple", "relaxed/relaxed" })
        {
            byte[] body = Bytes(string.Concat(Enumerable.Range(0, 40).Select(static i => $"line {i}  \t x{new string('y', i)} \r\n{(i % 3 == 0 ? "\r\n \r\n" : "")}")));
            var signer = new TestSigner(1024) { Forms = form };
            byte[] header = [.. signer.Sign(Bytes(Usual), body), .. "\r\n"u8, .. Bytes(Usual)];
            _dns.Text("sel._domainkey.example.net", signer.KeyRecord);
            foreach (int piece in new[] { 1, 2, 3, 7, 64 })
            {
                var message = new RawMessage(new RawHeader(header), () => new PiecewiseStream(body, piece));
                Assert.Equal(AuthResult.Pass, (await new DkimVerifier(_dns, new AuthenticationOptions(), _clock).VerifyAsync(message, CancellationToken.None))[0].Result);
            }
        }
    }

    [Theory]
    [InlineData("simple/simple", "hello", "Hello\r\n", AuthResult.Fail)]
    [InlineData("relaxed/relaxed", "hello  there", "Hello\r\n", AuthResult.Fail)]
    [InlineData("relaxed/relaxed", "hello", "hello\r\n", AuthResult.Fail)]
    [InlineData("relaxed/relaxed", " \t hello \t", " Hello  \r\n\r\n", AuthResult.Fail)]
    [InlineData("relaxed/relaxed", " \t hello \t", "Hello \t\r\n\r\n", AuthResult.Pass)]
    [InlineData("simple/simple", "hello", "Hello\r\n\r\n\r\n", AuthResult.Pass)]
    public async Task What_was_changed_on_the_way_is_told_from_what_may_be(string forms, string subject, string body, AuthResult wanted)
    {
        string signed = Usual.Replace("hello", "hello", StringComparison.Ordinal);
        string delivered = forms == "simple/simple" && wanted == AuthResult.Fail ? Usual.Replace("Subject: hello", "Subject:  hello", StringComparison.Ordinal) : Usual.Replace("hello", subject, StringComparison.Ordinal);

        Assert.Equal(wanted, (await VerifyAsync(new TestSigner(1024) { Forms = forms }, signed, Bytes("Hello\r\n"), Bytes(body), delivered)).Result);
    }

    [Fact]
    public async Task A_field_that_is_signed_once_more_than_it_is_there_can_not_be_added()
    {
        var signer = new TestSigner(1024) { Names = "from:from:subject:to" };

        Assert.Equal(AuthResult.Pass, (await VerifyAsync(signer)).Result);
        Assert.Equal(AuthResult.Fail, (await VerifyAsync(signer, deliveredHeader: "From: other@example.net\r\n" + Usual)).Result);
    }

    [Fact]
    public async Task Ed25519_signs_the_digest()
    {
        DkimResult result = await VerifyAsync(new TestSigner(isEd25519: true) { Forms = "relaxed/relaxed" });

        Assert.Equal((AuthResult.Pass, "ed25519-sha256"), (result.Result, result.Algorithm));
    }

    [Fact]
    public async Task Where_the_MTA_hides_the_white_space_a_simple_header_is_not_judged_and_a_relaxed_one_is()
    {
        string signed = Usual.Replace("Subject: ", "Subject:\t", StringComparison.Ordinal);

        Assert.Equal(AuthResult.Neutral, (await VerifyAsync(new TestSigner(1024), signed, deliveredHeader: Usual, hasSpace: false)).Result);
        Assert.Equal(AuthResult.Pass, (await VerifyAsync(new TestSigner(1024) { Forms = "relaxed/simple" }, signed, deliveredHeader: Usual, hasSpace: false)).Result);
    }

    [Fact]
    public async Task Bytes_behind_the_signed_length_are_told_and_refused_by_option()
    {
        byte[] more = [.. s_body, .. "an advertisement\r\n"u8];
        long length = "Hello,\r\n"u8.Length;

        DkimResult passed = await VerifyAsync(new TestSigner(1024), delivered: more, length: length);
        DkimResult refused = await VerifyAsync(new TestSigner(1024), delivered: more, length: length, options: new AuthenticationOptions { AcceptUnsignedBytes = false });
        DkimResult cut = await VerifyAsync(new TestSigner(1024), delivered: "Hello"u8.ToArray(), length: length);

        Assert.Equal((AuthResult.Pass, length, more.Length - length), (passed.Result, passed.SignedLength, passed.UnsignedBytes));
        Assert.Equal(AuthResult.Policy, refused.Result);
        Assert.Equal(AuthResult.PermError, cut.Result);
    }

    [Theory]
    [InlineData(-200, AuthResult.Pass)]
    [InlineData(-400, AuthResult.PermError)]
    public async Task A_signature_holds_for_the_skew_of_clocks_after_its_end(int seconds, AuthResult wanted) =>
        Assert.Equal(wanted, (await VerifyAsync(new TestSigner(1024) { More = $"x={_clock.GetUtcNow().ToUnixTimeSeconds() + seconds}; " })).Result);

    [Theory]
    [InlineData("t=", 200, AuthResult.Pass)]
    [InlineData("t=", 400, AuthResult.PermError)]
    public async Task A_signature_of_the_future_is_refused(string tag, int seconds, AuthResult wanted) =>
        Assert.Equal(wanted, (await VerifyAsync(new TestSigner(1024) { More = $"{tag}{_clock.GetUtcNow().ToUnixTimeSeconds() + seconds}; " })).Result);

    [Theory]
    [InlineData("i=joe@example.net; ", AuthResult.Pass)]
    [InlineData("i=@sub.example.net; ", AuthResult.Pass)]
    [InlineData("i=joe@example.org; ", AuthResult.PermError)]
    [InlineData("i=joe@badexample.net; ", AuthResult.PermError)]
    [InlineData("q=dns/txt:other; ", AuthResult.Pass)]
    [InlineData("q=http; ", AuthResult.Neutral)]
    [InlineData("t=2; x=1; ", AuthResult.Neutral)]
    [InlineData("t=yesterday; ", AuthResult.Neutral)]
    [InlineData("zz=unknown; ", AuthResult.Pass)]
    [InlineData("d=example.net; ", AuthResult.Neutral)]
    [InlineData("nonsense; ", AuthResult.Neutral)]
    [InlineData("; ", AuthResult.Neutral)]
    public async Task Tags_are_held_to_their_rules(string more, AuthResult wanted) => Assert.Equal(wanted, (await VerifyAsync(new TestSigner(1024) { More = more })).Result);

    [Theory]
    [InlineData("v=1;", "v=2;", AuthResult.Neutral)]
    [InlineData("a=rsa-sha256", "a=rsa-sha1", AuthResult.PermError)]
    [InlineData("a=rsa-sha256", "a=rsa-sha512", AuthResult.Neutral)]
    [InlineData("c=simple/simple", "c=nowsp", AuthResult.Neutral)]
    [InlineData("h=from:subject:to", "h=subject:to", AuthResult.PermError)]
    [InlineData("s=sel;", "", AuthResult.Neutral)]
    [InlineData("d=example.net", "d=net", AuthResult.Neutral)]
    [InlineData("bh=", "bh=%", AuthResult.Neutral)]
    public async Task A_signature_of_the_wrong_shape_is_no_failed_one(string was, string shall, AuthResult wanted)
    {
        var signer = new TestSigner(1024);
        _dns.Text("sel._domainkey.example.net", signer.KeyRecord);
        string field = Encoding.Latin1.GetString(signer.Sign(Bytes(Usual), s_body)).Replace(was, shall, StringComparison.Ordinal);

        DkimResult result = Assert.Single(await VerifyAsync(Bytes(field + "\r\n" + Usual), s_body));
        Assert.Equal(wanted, result.Result);
        Assert.NotEmpty(result.Reason);
    }

    [Theory]
    [InlineData("v=DKIM1; p=", AuthResult.PermError)]
    [InlineData("v=DKIM2; {0}", AuthResult.PermError)]
    [InlineData("{0}; v=DKIM1", AuthResult.PermError)]
    [InlineData("{0}", AuthResult.Pass)]
    [InlineData("v=DKIM1; h=sha1:sha256; s=*; {0}", AuthResult.Pass)]
    [InlineData("v=DKIM1; h=sha1; {0}", AuthResult.PermError)]
    [InlineData("v=DKIM1; s=other; {0}", AuthResult.PermError)]
    [InlineData("v=DKIM1; k=ed25519; {0}", AuthResult.PermError)]
    [InlineData("v=DKIM1; t=s; {0}", AuthResult.Pass)]
    [InlineData("v=DKIM1; t=y:s; n=note; {0};", AuthResult.Pass)]
    [InlineData("v=DKIM1; p=AAAA", AuthResult.PermError)]
    [InlineData("v=DKIM1; p=%%", AuthResult.PermError)]
    [InlineData("v=DKIM1", AuthResult.PermError)]
    public async Task Key_records_are_held_to_their_rules(string record, AuthResult wanted)
    {
        var signer = new TestSigner(1024);
        string key = signer.KeyRecord[signer.KeyRecord.IndexOf("p=", StringComparison.Ordinal)..];
        _dns.Text("sel._domainkey.example.net", record.Replace("{0}", key, StringComparison.Ordinal));

        Assert.Equal(wanted, Assert.Single(await VerifyAsync([.. signer.Sign(Bytes(Usual), s_body), .. "\r\n"u8, .. Bytes(Usual)], s_body)).Result);
    }

    [Fact]
    public async Task Keys_are_large_enough_there_and_asked_for_in_time()
    {
        Assert.Equal(AuthResult.PermError, (await VerifyAsync(new TestSigner(768))).Result);
        DkimResult strict = await StrictAsync();
        Assert.Equal(AuthResult.PermError, strict.Result);

        var signer = new TestSigner(1024) { Domain = "absent.example" };
        byte[] header = [.. signer.Sign(Bytes(Usual), s_body), .. "\r\n"u8, .. Bytes(Usual)];
        Assert.Equal(AuthResult.PermError, Assert.Single(await VerifyAsync(header, s_body)).Result);
        _dns.Failing("sel._domainkey.absent.example", DnsRecordType.Txt);
        Assert.Equal(AuthResult.TempError, Assert.Single(await VerifyAsync(header, s_body)).Result);
    }

    private async Task<DkimResult> StrictAsync()
    {
        var signer = new TestSigner(1024) { More = "i=@sub.example.net; " };
        _dns.Text("sel._domainkey.example.net", "t=s; " + signer.KeyRecord["v=DKIM1; ".Length..]);
        return Assert.Single(await VerifyAsync([.. signer.Sign(Bytes(Usual), s_body), .. "\r\n"u8, .. Bytes(Usual)], s_body));
    }

    [Fact]
    public async Task Of_many_signatures_the_first_ones_are_looked_at()
    {
        var signer = new TestSigner(1024);
        _dns.Text("sel._domainkey.example.net", signer.KeyRecord);
        string field = Encoding.Latin1.GetString(signer.Sign(Bytes(Usual), s_body));

        IReadOnlyList<DkimResult> results = await VerifyAsync(Bytes(string.Concat(Enumerable.Repeat(field + "\r\n", 5)) + Usual), s_body, options: new AuthenticationOptions { MaxSignatures = 3 });

        Assert.Equal([AuthResult.Pass, AuthResult.Pass, AuthResult.Pass, AuthResult.Policy, AuthResult.Policy], results.Select(static one => one.Result));
    }

    [Fact]
    public async Task A_line_of_any_length_takes_time_in_proportion()
    {
        byte[] body = Bytes(string.Concat(Enumerable.Repeat("a  ", 1_000_000)) + "\r\n");

        Assert.Equal(AuthResult.Pass, (await VerifyAsync(new TestSigner(1024) { Forms = "relaxed/relaxed" }, body: body)).Result);
    }

    private sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
