namespace Milter.Policy;

/// <summary>Whether tables of another version can be used.</summary>
internal static class SqlSchema
{
    /// <summary>Says what is to be done with tables.</summary>
    /// <param name="version">Their version; 0 where there are none.</param>
    /// <param name="oldest">The oldest version whose packages can use them.</param>
    /// <param name="store">What the store is called.</param>
    /// <returns>Whether they have to be moved to this package's version.</returns>
    /// <exception cref="PolicyStoreException">They are of a later version that this package can't use.</exception>
    public static bool IsBehind(int version, int oldest, string store) => oldest <= SqlText.Version
        ? version < SqlText.Version
        : throw new PolicyStoreException($"{store}: its tables are of version {version}, which packages before version {oldest} can't use, and this one has version {SqlText.Version}. Update AttrMilter.Policy here.");
}
