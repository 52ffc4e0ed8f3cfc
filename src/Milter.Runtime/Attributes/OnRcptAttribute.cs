namespace Milter;

/// <summary>Marks the method that handles RCPT: one recipient that the MTA itself would accept (libmilter: <c>xxfi_envrcpt</c>).</summary>
/// <remarks>
/// Once a recipient.
/// <para>Verdicts: Continue; Reject and TempFail refuse this recipient only; Accept accepts the whole message with all its recipients, Discard drops all of it.</para>
/// <code>[OnRcpt] Verdict To(EnvelopeAddress recipient)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnRcptAttribute : StageAttribute;
