namespace Milter;

/// <summary>A handler of a filter, for logs and metrics that name it.</summary>
/// <param name="Stage">When it runs.</param>
/// <param name="Method">The method's name.</param>
public readonly record struct MilterHandler(MilterStages Stage, string Method);
