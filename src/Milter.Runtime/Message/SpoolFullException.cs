namespace Milter.Message;

/// <summary>There is no room for a temporary file: the disk is full, or <see cref="MilterOptions.SpoolBudget"/> is used up.</summary>
internal sealed class SpoolFullException(string message, Exception? inner = null) : IOException(message, inner);
