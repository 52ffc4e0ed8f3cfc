using Milter.Limits;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects the memory of bodies: used again, and given up when nobody needs it.</summary>
public sealed class SegmentPoolTests
{
    [Fact]
    public void An_array_that_came_back_is_given_out_again()
    {
        var pool = new SegmentPool();
        byte[] array = pool.Rent();
        pool.Return(array);

        Assert.Equal(SegmentPool.Size, array.Length);
        Assert.Same(array, pool.Rent());
    }

    [Fact]
    public void What_nobody_has_needed_since_the_last_look_is_given_up_and_the_rest_is_kept()
    {
        var pool = new SegmentPool();
        byte[][] arrays = [.. Enumerable.Range(0, 10).Select(_ => pool.Rent())];
        foreach (byte[] array in arrays)
        {
            pool.Return(array);
        }

        pool.Trim();
        byte[][] needed = [.. Enumerable.Range(0, 3).Select(_ => pool.Rent())];
        Assert.All(needed, array => Assert.Contains(array, arrays));
        foreach (byte[] array in needed)
        {
            pool.Return(array);
        }

        pool.Trim();
        Assert.Equal(3, Enumerable.Range(0, 10).Select(_ => pool.Rent()).Count(arrays.Contains));
    }

    [Fact]
    public void Bodies_of_a_mebibyte_are_no_garbage()
    {
        var limits = new ProcessLimits(Told.Options);
        byte[] chunk = new byte[65_535];
        long Cost()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var stores = new Milter.Message.BodyMemory[16];
            for (int i = 0; i < stores.Length; i++)
            {
                stores[i] = new(limits);
                for (int k = 0; k < 16; k++)
                {
                    stores[i].Append(chunk);
                }
            }

            foreach (Milter.Message.BodyMemory store in stores)
            {
                store.Clear();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Cost();

        // Of 16 MiB only what names the arrays.
        Assert.InRange(Cost(), 0, 64 * 1024);
    }
}
