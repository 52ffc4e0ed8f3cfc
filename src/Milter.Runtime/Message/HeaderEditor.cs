using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>Changes the header of a message. A parameter at EOM (<c>SMFIF_ADDHDRS</c> and <c>SMFIF_CHGHDRS</c>).</summary>
/// <remarks>
/// Calls are collected and sent with the verdict, in an order that Postfix and Sendmail understand alike. The header then is what it would be if the
/// calls had been made one after another on the header that the filter was shown; when the handler throws, nothing is sent. Names compare without case.
/// An <em>occurrence</em> is the number, from 1, of a field among those of its name as the filter was shown them (<see cref="Seen"/>): it keeps that number
/// whatever else is changed. A field that is changed keeps the spelling of its name.
/// <para>Overloads with <see cref="string"/> take text: characters beyond ASCII are encoded by RFC 2047 unless the message is SMTPUTF8, and long lines are
/// folded where there is white space. Encoded words and folds that are there already stay, so what was read raw may be written back. Give fields with
/// addresses as bytes, with <see cref="EncodedWords.Encode"/> for the names in them. Overloads with bytes write what they are given. A fold is a line feed or CR LF with
/// white space after it. The space after the colon is the library's affair; with <see cref="MilterAttribute.PreserveHeaderSpace"/> a value that begins with white space is written as it is.
/// A field that is given the very value that it has stays as it is, to the byte.</para>
/// <para>Every call throws <see cref="ArgumentException"/> where the name is no field name (RFC 5322), or the value has a bare CR, a NUL, a line feed without white
/// space after it, or more bytes than a packet holds; and
/// <see cref="InvalidOperationException"/> where the message is over or the MTA did not agree to the action.</para>
/// </remarks>
public sealed class HeaderEditor
{
    private readonly PlanScope _scope;
    private readonly HeaderEdits _edits;

    internal HeaderEditor(PlanScope scope, HeaderEdits edits)
    {
        _scope = scope;
        _edits = edits;
    }

    /// <summary>Gets the header that the filter was shown, names at least. It does not change with the edits.</summary>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public MessageHeaders Seen
    {
        get
        {
            _scope.ThrowIfLate();
            return _edits.Seen;
        }
    }

    /// <summary>Puts a field at the very top, above the MTA's own Received (<c>smfi_insheader</c> at 0). What is put there later stands higher.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <exception cref="ArgumentException">Name or value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or adding fields was not agreed.</exception>
    public void Prepend(string name, string value) => InsertAt(0, name, value);

    /// <inheritdoc cref="Prepend(string, string)"/>
    public void Prepend(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => InsertAt(0, name, value);

    /// <summary>Puts a field below all others.</summary>
    /// <inheritdoc cref="Prepend(string, string)"/>
    /// <remarks>Sent as <c>smfi_insheader</c> with a large index: <c>smfi_addheader</c> is not the end on Sendmail when the name is there already.</remarks>
    public void Append(string name, string value)
    {
        var field = new CheckedField(name, value, _scope, _edits);
        if (_scope.Allows(MilterActions.AddHeaders))
        {
            _edits.Append(field.Name, field.Value);
        }
    }

    /// <inheritdoc cref="Append(string, string)"/>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var field = new CheckedField(name, value);
        if (_scope.Allows(MilterActions.AddHeaders))
        {
            _edits.Append(field.Name, field.Value);
        }
    }

    /// <summary>Makes this the only field of its name: the topmost gets the value, others are removed, and where there is none it is appended.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value. An empty one leaves a blank field; <see cref="RemoveAll(string)"/> removes it.</param>
    /// <exception cref="ArgumentException">Name or value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">The message is over, the action was not agreed, or the plan has inserted that name and has raw positions (<see cref="InsertAt(int, string, string)"/>).</exception>
    public void Set(string name, string value) => Set(new CheckedField(name, value, _scope, _edits));

    /// <inheritdoc cref="Set(string, string)"/>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Set(new CheckedField(name, value));

    /// <summary>Removes every field of a name, shown or added by this plan. Where there is none nothing is sent: Sendmail would drop what it is about to add itself.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <returns>How many fields there were.</returns>
    /// <exception cref="ArgumentException">The name is no field name.</exception>
    /// <exception cref="InvalidOperationException">The message is over, the action was not agreed, or the plan has inserted that name and has raw positions (<see cref="InsertAt(int, string, string)"/>).</exception>
    public int RemoveAll(string name) => RemoveAll(CheckedField.NameOf(name));

    /// <inheritdoc cref="RemoveAll(string)"/>
    public int RemoveAll(ReadOnlySpan<byte> name)
    {
        HeaderText.CheckName(name);
        return _scope.Allows(MilterActions.ChangeHeaders) ? _edits.Keep(name, keepFirst: false, default) : 0;
    }

    /// <summary>Removes the fields of a name that a condition chooses, shown or added by this plan, top first.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="condition">Is given each field as it is by now, and says whether it goes.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentException">The name is no field name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The message is over, the action was not agreed, the plan has inserted that name and has raw positions (<see cref="InsertAt(int, string, string)"/>), or only names were
    /// collected: take a <see cref="MessageHeaders"/> parameter too.
    /// </exception>
    public int RemoveWhere(string name, HeaderCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ReadOnlySpan<byte> nameBytes = CheckedField.NameOf(name);
        HeaderText.CheckName(nameBytes);
        return !_scope.Allows(MilterActions.ChangeHeaders) ? 0 : _edits.Each(nameBytes, (HeaderField field, out ReadOnlySpan<byte> value) =>
        {
            value = default;
            return condition(field) ? HeaderEdits.ShownEdit.Remove : HeaderEdits.ShownEdit.None;
        });
    }

    /// <summary>Gives the fields of a name other values, shown or added by this plan, top first.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="change">Is given each field as it is by now, and gives its new value as text; <see langword="null"/> leaves it as it is.</param>
    /// <returns>How many got another value.</returns>
    /// <exception cref="ArgumentException">The name is no field name, or a value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">
    /// The message is over, the action was not agreed, the plan has inserted that name and has raw positions (<see cref="InsertAt(int, string, string)"/>), or only names were
    /// collected: take a <see cref="MessageHeaders"/> parameter too.
    /// </exception>
    public int ChangeEach(string name, HeaderChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ReadOnlySpan<byte> nameBytes = CheckedField.NameOf(name);
        HeaderText.CheckName(nameBytes);
        return !_scope.Allows(MilterActions.ChangeHeaders) ? 0 : _edits.Each(nameBytes, (HeaderField field, out ReadOnlySpan<byte> value) =>
        {
            string? text = change(field);
            value = text is null ? default : new CheckedField(name, text, _scope, _edits).Value;
            return text is null ? HeaderEdits.ShownEdit.None : HeaderEdits.ShownEdit.Change;
        });
    }

    /// <summary>Gives one field another value (<c>smfi_chgheader</c>). Of several calls the last counts.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="occurrence">Which of that name, from 1, as the filter was shown them.</param>
    /// <param name="value">The value. An empty one leaves a blank field; <see cref="Remove(string, int)"/> removes it.</param>
    /// <returns><see langword="false"/> where there is no such field, or it was removed before; then nothing is changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The occurrence is less than 1.</exception>
    /// <exception cref="ArgumentException">Name or value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or changing fields was not agreed.</exception>
    public bool Change(string name, int occurrence, string value) => Change(new CheckedField(name, value, _scope, _edits), occurrence);

    /// <inheritdoc cref="Change(string, int, string)"/>
    public bool Change(ReadOnlySpan<byte> name, int occurrence, ReadOnlySpan<byte> value) => Change(new CheckedField(name, value), occurrence);

    /// <summary>Removes one field (<c>smfi_chgheader</c> without a value).</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="occurrence">Which of that name, from 1, as the filter was shown them.</param>
    /// <returns><see langword="false"/> where there is no such field, or it was removed before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The occurrence is less than 1.</exception>
    /// <exception cref="ArgumentException">The name is no field name.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or changing fields was not agreed.</exception>
    public bool Remove(string name, int occurrence) => Remove(CheckedField.NameOf(name), occurrence);

    /// <inheritdoc cref="Remove(string, int)"/>
    public bool Remove(ReadOnlySpan<byte> name, int occurrence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(occurrence, 1);
        HeaderText.CheckName(name);
        return _scope.Allows(MilterActions.ChangeHeaders) && _edits.Change(name, occurrence, default, remove: true);
    }

    /// <summary>For experts: inserts a field at a raw position (<c>smfi_insheader</c>), counted after the plan's removals and earlier insertions.</summary>
    /// <param name="index">0 is the very top, 1 below the MTA's own Received (or below what was put on top before). Other positions mean different places to different MTAs.</param>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or above 999,999,999.</exception>
    /// <exception cref="ArgumentException">Name or value is not fit for a field.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or adding fields was not agreed.</exception>
    public void InsertAt(int index, string name, string value) => InsertAt(index, new CheckedField(name, value, _scope, _edits));

    /// <inheritdoc cref="InsertAt(int, string, string)"/>
    public void InsertAt(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => InsertAt(index, new CheckedField(name, value));

    private void InsertAt(int index, CheckedField field)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 999_999_999);
        if (_scope.Allows(MilterActions.AddHeaders))
        {
            _edits.Insert(index, field.Name, field.Value);
        }
    }

    private bool Change(CheckedField field, int occurrence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(occurrence, 1);
        return _scope.Allows(MilterActions.ChangeHeaders) && _edits.Change(field.Name, occurrence, field.Value, remove: false);
    }

    private void Set(CheckedField field)
    {
        _scope.ThrowIfLate();
        if (_edits.Has(field.Name))
        {
            if (_scope.Allows(MilterActions.ChangeHeaders))
            {
                _edits.Keep(field.Name, keepFirst: true, field.Value);
            }
        }
        else if (_scope.Allows(MilterActions.AddHeaders))
        {
            _edits.Append(field.Name, field.Value);
        }
    }
}

/// <summary>Chooses header fields.</summary>
/// <param name="field">A field; a view that ends with the call.</param>
/// <returns>Whether it is meant.</returns>
public delegate bool HeaderCondition(HeaderField field);

/// <summary>Gives a header field another value.</summary>
/// <param name="field">A field; a view that ends with the call.</param>
/// <returns>The new value as text, or <see langword="null"/> to leave the field as it is.</returns>
public delegate string? HeaderChange(HeaderField field);
