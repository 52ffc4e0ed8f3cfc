using System.Globalization;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects turns, outbox and clock from who is quicker: the same play in many orders, each by its seed.</summary>
/// <remarks><c>ATTRMILTER_INTERLEAVINGS</c> says how many orders, <c>ATTRMILTER_SEED</c> from which seed on.</remarks>
public sealed class InterleavingTests
{
    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    [Fact]
    public void Each_command_gets_one_reply_and_each_handler_its_own_bytes_in_whatever_order()
    {
        int first = Number("ATTRMILTER_SEED", 1);
        for (int seed = first; seed < first + Number("ATTRMILTER_INTERLEAVINGS", 300); seed++)
        {
            IReadOnlyList<string> faults;
            try
            {
                faults = new Play(seed).Run();
            }
            catch (InvalidOperationException e)
            {
                faults = [e.Message + e.InnerException];
            }

            Assert.True(faults.Count == 0, $"seed {seed}: {string.Join("; ", faults)}");
        }
    }
}
