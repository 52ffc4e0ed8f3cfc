using System.Net;

namespace Milter.Tool;

/// <summary>What is to be judged.</summary>
/// <param name="Message">The message as it came; <see langword="null"/> to judge the envelope alone.</param>
/// <param name="Client">The client's address.</param>
/// <param name="Helo">The name at HELO.</param>
/// <param name="From">The envelope's sender; <see langword="null"/> where the command line says nothing.</param>
internal sealed record AuthQuestion(byte[]? Message, IPAddress Client, string Helo, string? From);
