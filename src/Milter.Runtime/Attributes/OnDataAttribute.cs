namespace Milter;

/// <summary>Marks the method that handles DATA: the client is about to send the message (libmilter: <c>xxfi_data</c>).</summary>
/// <remarks>
/// Once a message, only where the MTA speaks version 4 or later.
/// <para>Verdicts: Continue, Accept (this message passes unfiltered), Reject, TempFail, Discard.</para>
/// <code>[OnData] Verdict Data()</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnDataAttribute : StageAttribute;
