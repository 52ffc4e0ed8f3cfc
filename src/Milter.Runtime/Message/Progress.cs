namespace Milter;

/// <summary>Tells the MTA that the filter is still working.</summary>
public sealed class Progress
{
}
