namespace Milter.Tests;

/// <summary>A test that only the optimized build can pass, such as one that counts allocations.</summary>
internal sealed class ReleaseFactAttribute : FactAttribute
{
    public ReleaseFactAttribute()
    {
#if DEBUG
        Skip = "Allocations are only counted in optimized code; run with -c Release.";
#endif
    }
}
