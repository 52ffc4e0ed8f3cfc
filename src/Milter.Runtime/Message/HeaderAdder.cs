using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>Adds header fields at the end of a message's header. A parameter at EOM (<c>SMFIF_ADDHDRS</c> only; nothing has to be collected).</summary>
/// <remarks>Calls are collected and sent with the verdict; when the handler throws, nothing is sent. See <see cref="HeaderEditor"/> on text, bytes and what is refused.</remarks>
public sealed class HeaderAdder
{
    private readonly PlanScope _scope;
    private readonly HeaderEdits _edits;

    internal HeaderAdder(PlanScope scope, HeaderEdits edits)
    {
        _scope = scope;
        _edits = edits;
    }

    /// <summary>Puts a field below all others, and below those added before.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value; may be empty. Text beyond ASCII is encoded by RFC 2047 unless the message is SMTPUTF8, and long lines are folded.</param>
    /// <remarks>Sent as <c>smfi_insheader</c> with a large index: <c>smfi_addheader</c> is not the end on Sendmail when the name is there already.</remarks>
    /// <exception cref="ArgumentException">Name or value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or adding fields was not agreed.</exception>
    public void Add(string name, string value) => Add(new CheckedField(name, value, _scope, _edits));

    /// <inheritdoc cref="Add(string, string)"/>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value, written as it is given; folds are a line feed (or CR LF) and white space.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Add(new CheckedField(name, value));

    private void Add(CheckedField field)
    {
        if (_scope.Allows(MilterActions.AddHeaders))
        {
            _edits.Append(field.Name, field.Value);
        }
    }
}
