using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER195
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(string from) { try { return Judge(from); } catch { [|return Verdict.Accept;|] } }
            static Verdict Judge(string s) { try { return int.Parse(s) > 3 ? Verdict.Reject() : default; } catch (Exception e) { Console.WriteLine(e); [|return Verdict.Continue;|] } }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(string from) { try { return Judge(from); } catch (FormatException) { return Verdict.Continue; } catch (Exception) { return Verdict.TempFail(); } }
            static Verdict Judge(string s) { try { return int.Parse(s) > 3 ? Verdict.Reject() : default; } catch (Exception e) when (e is OverflowException) { return Verdict.Continue; } }
        }
        """);
}
