namespace Milter;

/// <summary>Marks the method that handles the end of the SMTP session (libmilter: <c>xxfi_close</c>).</summary>
/// <remarks>
/// Once a session, the last call before the instance is disposed. Returns nothing.
/// <code>[OnClose] void Closed()</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnCloseAttribute : StageAttribute;
