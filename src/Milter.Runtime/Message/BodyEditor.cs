using System.Buffers;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter;

/// <summary>Replaces the body of a message. A parameter at EOM (<c>SMFIF_CHGBODY</c>, <c>smfi_replacebody</c>).</summary>
/// <remarks>
/// The new body is a list of pieces, sent with the verdict as the MTA takes them; when the handler throws, nothing is sent. What is copied is kept in memory up to <see cref="MilterOptions.BodyMemoryThreshold"/>, then in a temporary file; ranges of
/// the body that came (<see cref="AppendOriginal()"/>) are read from where they are kept, and bytes may be given without a copy (<see cref="AppendUncopied"/>). Overloads with bytes write what they are given: lines
/// end in CR LF. Overloads with <see cref="string"/> write UTF-8, with LF and bare CR turned into CR LF. MTAs break lines of more than 998 bytes when they send the message on, after a
/// signer has seen them: encode such a body (quoted-printable, base64); <see cref="MilterOptions.WarnOfLongLines"/> has each told. No header field is changed: <c>Content-Type</c> and
/// <c>Content-Transfer-Encoding</c> have to fit.
/// </remarks>
public sealed partial class BodyEditor
{
    private const int KeptCapacity = 64 * 1024;
    private const int ReadSize = 32 * 1024;

    private readonly PlanScope _scope;
    private readonly Func<NewBody> _make;
    private NewBody _body;
    private MessageBody? _original;
    private bool _isReplaced;
    private bool _owesLineFeed;

    internal BodyEditor(PlanScope scope, Func<NewBody> make, MessageBody? original)
    {
        (_scope, _make, _original) = (scope, make, original);
        _body = make();
    }

    /// <summary>Gives the message this body.</summary>
    /// <param name="body">The whole body, or its first part; empty for no body at all. It is copied.</param>
    /// <exception cref="InvalidOperationException">The message is over, or replacing the body was not agreed.</exception>
    public void Replace(ReadOnlySpan<byte> body)
    {
        if (Start())
        {
            Write(body);
        }
    }

    /// <inheritdoc cref="Replace(ReadOnlySpan{byte})"/>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    public void Replace(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Start())
        {
            Write(body);
        }
    }

    /// <inheritdoc cref="Replace(ReadOnlySpan{byte})"/>
    public void Replace(in ReadOnlySequence<byte> body)
    {
        if (Start())
        {
            Write(body);
        }
    }

    /// <summary>Gives the message the body that a stream holds.</summary>
    /// <param name="body">The stream, read to its end and not closed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A task that completes when all is read. Where it fails, the body is as it was before the call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or replacing the body was not agreed.</exception>
    public async Task ReplaceAsync(Stream body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!_scope.Allows(MilterActions.ChangeBody))
        {
            return;
        }

        NewBody read = _make();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                read.Append(buffer.AsSpan(0, count));
            }

            if (Start())
            {
                (_body, read) = (read, _body);
            }
        }
        finally
        {
            read.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Adds to the new body that this plan has. To add to the body that the message came with, begin with <see cref="AppendOriginal()"/>.</summary>
    /// <param name="more">What comes next. It is copied.</param>
    /// <exception cref="InvalidOperationException">There is no new body yet, the message is over, or replacing the body was not agreed.</exception>
    public void Append(ReadOnlySpan<byte> more)
    {
        if (GoOn())
        {
            Write(more);
        }
    }

    /// <inheritdoc cref="Append(ReadOnlySpan{byte})"/>
    /// <exception cref="ArgumentNullException"><paramref name="more"/> is <see langword="null"/>.</exception>
    public void Append(string more)
    {
        ArgumentNullException.ThrowIfNull(more);
        if (GoOn())
        {
            Write(more);
        }
    }

    /// <inheritdoc cref="Append(ReadOnlySpan{byte})"/>
    public void Append(in ReadOnlySequence<byte> more)
    {
        if (GoOn())
        {
            Write(more);
        }
    }

    /// <summary>Leaves the message without a body.</summary>
    /// <exception cref="InvalidOperationException">The message is over, or replacing the body was not agreed.</exception>
    public void Clear() => Start();

    internal bool IsReplaced => _isReplaced;

    internal LongLines LongLines => _isReplaced ? _body.LongLines : default;

    /// <summary>Says how many bytes the new body has, which is complete.</summary>
    internal long Measure()
    {
        Settle(default);
        return _body.Length;
    }

    /// <summary>Writes the new body, or gives what makes its frames.</summary>
    internal OutSource? MoveTo(FrameBuffer output)
    {
        Settle(default);
        return _isReplaced ? _body.MoveTo(output) : null;
    }

    /// <summary>A message is at its end.</summary>
    /// <param name="original">The body that it came with, or <see langword="null"/> where it was not collected.</param>
    internal void Begin(MessageBody? original) => _original = original;

    /// <summary>Lists the pieces of the new body so far.</summary>
    internal IReadOnlyList<BodyPiece> Pieces()
    {
        Settle(default);
        return _body.Pieces();
    }

    internal void Reset()
    {
        _original = null;
        _isReplaced = false;
        _owesLineFeed = false;
        _body.Clear(KeptCapacity);
    }

    internal void Release() => _body.Dispose();

    /// <summary>Forgets the new body, to which a late handler may still be adding. Not used again.</summary>
    internal void Abandon() => _body.Abandon();

    private bool Start()
    {
        if (!_scope.Allows(MilterActions.ChangeBody))
        {
            return false;
        }

        _body.Clear(int.MaxValue);
        _owesLineFeed = false;
        _isReplaced = true;
        return true;
    }

    private bool GoOn()
    {
        bool allowed = _scope.Allows(MilterActions.ChangeBody);
        if (allowed && !_isReplaced)
        {
            throw new InvalidOperationException("There is no new body to append to: call Replace or Clear first, or AppendOriginal for the body that the message came with.");
        }

        return allowed;
    }

    private void Write(in ReadOnlySequence<byte> body)
    {
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            Write(segment.Span);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Settle(bytes);
            _body.Append(bytes);
        }
    }

    // A text ended in CR: what follows may begin with its LF.
    private void Settle(ReadOnlySpan<byte> next)
    {
        if (_owesLineFeed && next is not [(byte)'\n', ..])
        {
            _body.Append("\n"u8);
        }

        _owesLineFeed = false;
    }

    private void Write(string text)
    {
        ReadOnlySpan<byte> bytes = WireText.GetBytes(text);
        if (bytes is [(byte)'\n', .. var rest] && _body.EndsWith((byte)'\r'))
        {
            _body.Append("\n"u8);
            _owesLineFeed = false;
            bytes = rest;
        }

        while (bytes.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end)
        {
            Write(bytes[..end]);
            Settle(default);
            bool isReturn = bytes[end] == '\r';
            _owesLineFeed = isReturn && end + 1 == bytes.Length;
            _body.Append(_owesLineFeed ? "\r"u8 : "\r\n"u8);
            bytes = bytes[(end + (isReturn && !_owesLineFeed && bytes[end + 1] == '\n' ? 2 : 1))..];
        }

        Write(bytes);
    }
}
