namespace Milter;

/// <summary>Marks the method that handles EOH: the headers are complete (libmilter: <c>xxfi_eoh</c>).</summary>
/// <remarks>
/// Once a message, also when it has no header or no body.
/// <para>Verdicts: Continue, Accept, Reject, TempFail, Discard.</para>
/// <code>[OnEoh] Verdict Headers([Header("List-Id")] string? list)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnEohAttribute : StageAttribute;
