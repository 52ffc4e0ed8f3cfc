namespace Milter;

/// <summary>Marks the method that handles HELO: the client has said HELO or EHLO (libmilter: <c>xxfi_helo</c>).</summary>
/// <remarks>
/// May run twice (after STARTTLS) or not at all.
/// <para>Verdicts: Continue, Accept (the session passes unfiltered), Reject, TempFail. Not Discard: there is no message yet.</para>
/// <code>[OnHelo] Verdict Helo(string name)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnHeloAttribute : StageAttribute;
