namespace Milter.Runtime.Tests.Fuzz;

/// <summary>A short form of <c>tests/fuzz/run.sh</c>.</summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task What_real_MTAs_have_sent_is_played_as_agreed()
    {
        foreach (byte[] session in Corpus.Load())
        {
            await FuzzInput.PlayAsync(session);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_real_MTAs_have_sent_breaks_no_promise_when_it_is_changed(int seed)
    {
        var mutator = new Mutator(new Random(seed), Corpus.Load());
        for (int i = 0; i < 1_500; i++)
        {
            await FuzzInput.PlayAsync(mutator.Next());
        }
    }
}
