namespace Milter;

/// <summary>Marks the method that handles HEADER: one header field (libmilter: <c>xxfi_header</c>).</summary>
/// <remarks>
/// Once for each header field, or for each of the named fields. A method that returns a verdict makes the MTA wait at <em>every</em> header;
/// to look at a few fields only, take them as <c>[Header("Name")]</c> parameters of an <c>[OnEoh]</c> or <c>[OnEom]</c> method.
/// <para>Verdicts: Continue, Accept, Reject, TempFail, Discard.</para>
/// <code>[OnHeader("Received")] void Hop(ReadOnlySpan&lt;byte&gt; value)</code>
/// </remarks>
/// <param name="names">The fields to handle, compared without case; none means every field.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnHeaderAttribute(params string[] names) : StageAttribute
{
    /// <summary>Gets the fields that the method handles; empty for every field.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
