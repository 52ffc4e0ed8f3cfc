using Milter.Auth;

namespace Milter.Tests;

/// <summary>The field, read and written (RFC 8601).</summary>
public sealed class AuthenticationResultsTests
{
    [Fact]
    public void Results_are_read_with_comments_quotes_and_quoted_local_parts()
    {
        Assert.True(AuthenticationResultsField.TryParse(
            " (a (nested) comment) mx.example.org 1 ;\r\n\tspf=pass (really; yes) smtp.mailfrom=\"joe doe\"@example.net;\r\n\tdkim=FAIL reason=\"bad; signature\" header.d=example.net header.b=\"ab/c+d==\"; dmarc=pass/x header.from = example.net",
            out AuthenticationResultsField? field));

        Assert.Equal("mx.example.org", field!.AuthservId);
        Assert.Equal(["spf", "dkim", "dmarc"], field.Results.Select(static one => one.Method));
        Assert.Equal(["pass", "fail"], field.Results.Take(2).Select(static one => one.Result));
        Assert.Equal("joe doe@example.net", field.Results[0].Properties["smtp.mailfrom"]);
        Assert.Equal("bad; signature", field.Results[1].Reason);
        Assert.Equal("ab/c+d==", field.Results[1].Properties["header.b"]);
        Assert.Equal("example.net", field.Results[2].Properties["header.from"]);
    }

    [Theory]
    [InlineData("mx.example.org; none")]
    [InlineData("mx.example.org")]
    [InlineData("mx.example.org;")]
    public void None_is_no_result(string value)
    {
        Assert.True(AuthenticationResultsField.TryParse(value, out AuthenticationResultsField? field));
        Assert.Empty(field!.Results);
    }

    [Theory]
    [InlineData("mx.example.org; spf=pass", true)]
    [InlineData("MX.Example.ORG; spf=pass", true)]
    [InlineData("(x) mx.example.org (y) 1; spf=pass", true)]
    [InlineData("\"mx.example.org\"; spf=pass", true)]
    [InlineData("\r\n\tmx.example.org\r\n\t; spf=pass", true)]
    [InlineData("(a\\)b(c))mx.example.org", true)]
    [InlineData("mx.example.org.; spf=pass", true)]
    [InlineData("other.example.org; spf=pass", false)]
    [InlineData("other.example.org (mx.example.org); spf=pass", false)]
    [InlineData("mx.example.org.evil.example; spf=pass", false)]
    [InlineData("", false)]
    public void Who_claims_our_name_is_found_however_it_is_written(string value, bool wanted) => Assert.Equal(wanted, AuthenticationResultsField.Claims(value, "mx.example.org"));

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("(((")]
    [InlineData("a;b=c d")]
    [InlineData("a;=;=;\"")]
    [InlineData("a; b=\"\\")]
    [InlineData("a; b=c reason=")]
    [InlineData("a;;;b=c.d.e=f")]
    [InlineData("a/b/c; d/e=f/g")]
    public void Whatever_a_stranger_writes_is_read_to_its_end(string value) => _ = AuthenticationResultsField.TryParse(value, out _);

    [Fact]
    public void What_is_written_is_read_back_and_a_stranger_can_not_add_to_it()
    {
        string value = new ResultsWriter("mx.example.org")
            .Add("spf", AuthResult.Fail, "(x); dkim=pass\r\nX: y").With("smtp.mailfrom", "a;dkim=pass@example.net").With("smtp.helo", "evil\r\nX: y")
            .Add("dkim", AuthResult.Pass, "").With("header.d", "example.net").With("header.b", "ab\"c").ToString();

        Assert.DoesNotContain('\n', value);
        Assert.True(AuthenticationResultsField.TryParse(value, out AuthenticationResultsField? field));
        Assert.Equal(["spf fail", "dkim pass"], field!.Results.Select(static one => $"{one.Method} {one.Result}"));
        Assert.Equal("a;dkim=pass@example.net", field.Results[0].Properties["smtp.mailfrom"]);
        Assert.Equal("ab\"c", field.Results[1].Properties["header.b"]);
        Assert.Equal("mx.example.org; none", new ResultsWriter("mx.example.org").ToString());
    }
}
