namespace Quickstart.Demo;

/// <summary>The filter did what an MTA does not understand.</summary>
/// <param name="message">What it did.</param>
internal sealed class ProtocolException(string message) : Exception(message);
