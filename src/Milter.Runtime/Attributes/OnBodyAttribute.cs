namespace Milter;

/// <summary>Marks the method that handles BODY: a chunk of the body, of at most 65,535 bytes and cut anywhere (libmilter: <c>xxfi_body</c>).</summary>
/// <remarks>
/// Zero or more times a message. A method that returns nothing costs no wait; one that returns a verdict may say Skip when it has seen enough.
/// <para>Verdicts: Continue, Skip (no more chunks for this method), Accept, Reject, TempFail, Discard.</para>
/// <code>[OnBody] void Scan(ReadOnlySpan&lt;byte&gt; chunk)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnBodyAttribute : StageAttribute;
