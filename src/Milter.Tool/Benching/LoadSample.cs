namespace Milter.Tool;

/// <summary>A stretch of a load.</summary>
/// <param name="From">Its beginning, since that of the load.</param>
/// <param name="To">Its end.</param>
/// <param name="Messages">How many messages ended in it.</param>
/// <param name="Worst">The longest time that one of them took.</param>
internal readonly record struct LoadSample(TimeSpan From, TimeSpan To, long Messages, TimeSpan Worst)
{
    /// <summary>Gets the messages a second.</summary>
    public double Rate => To > From ? Messages / (To - From).TotalSeconds : 0;
}
