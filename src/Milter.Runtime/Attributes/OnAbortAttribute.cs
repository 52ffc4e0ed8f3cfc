namespace Milter;

/// <summary>Marks the method that handles ABORT: the message that had begun will not be completed (libmilter: <c>xxfi_abort</c>).</summary>
/// <remarks>
/// Exactly once for a message that began and did not end by a verdict, also where the MTA is silent about it. Connection and HELO stay valid. Returns nothing.
/// <code>[OnAbort] void Aborted()</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnAbortAttribute : StageAttribute;
