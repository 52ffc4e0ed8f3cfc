using System.Buffers;
using Milter.Limits;
using Milter.Message;

namespace Milter;

/// <summary>The body of a message, whole: kept in memory, in a temporary file above a limit (2 MiB by default), and not at all above a cap (64 MiB by default).</summary>
/// <remarks>
/// Valid at EOM until the message ends; afterwards its members throw, and so do its streams. A body that is not whole is <em>unavailable</em>, never
/// shorter: look at <see cref="IsAvailable"/> and decide. Line ends are CR LF, dots are unstuffed (<c>SMFIC_BODY</c>). Edits made by
/// <see cref="BodyEditor"/> do not show here.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Reset gives back what it holds.")]
public sealed class MessageBody
{
    private readonly MilterOptions _options;
    private readonly ProcessLimits _limits;
    private BodyStore _store;
    private long _length;
    private MessageBodyState _state;
    private string? _failure;
    private bool _live;
    private bool _isComplete;

    internal MessageBody(MilterOptions options, ProcessLimits limits)
    {
        (_options, _limits) = (options, limits);
        _store = new BodyStore(options, limits);
    }

    /// <summary>Gets whether the body is there, and if not, why.</summary>
    /// <exception cref="InvalidOperationException">The body is not complete before EOM, or the message has ended.</exception>
    public MessageBodyState State
    {
        get
        {
            ThrowUnlessReady();
            return _state;
        }
    }

    /// <summary>Gets a value indicating whether the body can be read: it is there as a whole, be it empty.</summary>
    /// <exception cref="InvalidOperationException">The body is not complete before EOM, or the message has ended.</exception>
    public bool IsAvailable => State is MessageBodyState.Empty or MessageBodyState.Available;

    /// <summary>Gets why the body can't be read, in words for a log.</summary>
    /// <value><see langword="null"/> where it can.</value>
    /// <exception cref="InvalidOperationException">The body is not complete before EOM, or the message has ended.</exception>
    public string? UnavailableReason => State switch
    {
        MessageBodyState.OverCap => $"the body has {_length} bytes, more than the {_options.MaxBodySize} that are kept",
        MessageBodyState.SpoolFailed => $"the body of {_length} bytes could not be written to a temporary file: {_failure}",
        MessageBodyState.CutBySkip => $"the filter had the rest skipped after {_length} bytes",
        _ => null,
    };

    /// <summary>Gets how many bytes the MTA sent.</summary>
    /// <value>In bytes; also where the body is not available. After a skip only what came before.</value>
    /// <exception cref="InvalidOperationException">The body is not complete before EOM, or the message has ended.</exception>
    public long Length
    {
        get
        {
            ThrowUnlessReady();
            return _length;
        }
    }

    internal bool HasEnough => _state is MessageBodyState.OverCap or MessageBodyState.SpoolFailed;

    internal bool IsOverCap => _state is MessageBodyState.OverCap;

    internal bool IsSpooled => _store.IsSpooled;

    /// <summary>Gets a value indicating whether the body was given up because there is no room for more temporary files: the message is not the filter's to judge.</summary>
    internal bool IsOutOfSpool { get; private set; }

    /// <summary>Opens the body for reading, from its start. Every stream has its own position.</summary>
    /// <returns>A seekable stream that can't be written; disposing of it is not needed. It throws once the message has ended.</returns>
    /// <exception cref="InvalidOperationException">The body is not available (the message says why), not complete before EOM, or the message has ended.</exception>
    public Stream OpenRead()
    {
        ThrowUnlessAvailable();
        return new BodyStream(this);
    }

    /// <summary>Gives the body without copying it, where it is in memory as a whole.</summary>
    /// <param name="body">The body; valid until the message ends, when its memory is used for something else.</param>
    /// <returns><see langword="false"/> where it is in a file, or not available.</returns>
    /// <exception cref="InvalidOperationException">The body is not complete before EOM, or the message has ended.</exception>
    public bool TryGetMemory(out ReadOnlySequence<byte> body)
    {
        bool inMemory = IsAvailable && !_store.IsSpooled;
        body = inMemory ? _store.Memory : default;
        return inMemory;
    }

    /// <summary>Copies the body.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <returns>A task that completes when all is written.</returns>
    /// <exception cref="InvalidOperationException">The body is not available (the message says why), not complete before EOM, or the message has ended.</exception>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Stream source = OpenRead();
        await using (source.ConfigureAwait(false))
        {
            await source.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says state and length, for logs.</summary>
    /// <returns>Such as <c>Available, 1234 bytes</c>.</returns>
    public override string ToString() => !_live ? "(ended)" : !_isComplete ? "(incomplete)" : $"{_state}, {_length} bytes";

    /// <summary>A message begins.</summary>
    internal void Begin()
    {
        Reset();
        _live = true;
    }

    /// <summary>Takes a chunk. Never throws for want of room: the body becomes unavailable.</summary>
    internal void Append(ReadOnlySpan<byte> chunk)
    {
        _length += chunk.Length;
        if (_state != MessageBodyState.Empty || chunk.IsEmpty)
        {
            return;
        }

        if (_length > _options.MaxBodySize)
        {
            GiveUp(MessageBodyState.OverCap, null);
        }
        else
        {
            Keep(chunk);
        }
    }

    /// <summary>The end of the message: what came is all there is.</summary>
    /// <param name="cutBySkip">Whether the filter answered SKIP, so that there would have been more.</param>
    internal void Complete(bool cutBySkip)
    {
        if (cutBySkip && _state == MessageBodyState.Empty)
        {
            GiveUp(MessageBodyState.CutBySkip, null);
        }
        else if (_state == MessageBodyState.Empty && _length > 0)
        {
            _state = MessageBodyState.Available;
        }

        _isComplete = true;
    }

    /// <summary>The message has ended.</summary>
    internal void Reset()
    {
        Drop();
        _state = MessageBodyState.Empty;
        _length = 0;
        _failure = null;
        IsOutOfSpool = false;
        _isComplete = false;
        _live = false;
    }

    /// <summary>The message has ended, and a handler may still be reading: its memory is left to the garbage collector.</summary>
    internal void Abandon()
    {
        _live = false;
        _store.Abandon();
    }

    /// <summary>Reads at a position, for streams.</summary>
    internal int Read(long position, Span<byte> destination)
    {
        ThrowUnlessAvailable();
        return _store.Read(position, destination);
    }

    /// <summary>Reads at a position, for streams.</summary>
    internal ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ThrowUnlessAvailable();
        return _store.ReadAsync(position, destination, cancellationToken);
    }

    /// <summary>Gets what keeps the body.</summary>
    internal BodyStore Kept
    {
        get
        {
            ThrowUnlessAvailable();
            return _store;
        }
    }

    /// <summary>Refuses a body that can't be read.</summary>
    internal void ThrowUnlessAvailable()
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException($"The body can't be read: {UnavailableReason}. Look at IsAvailable first.");
        }
    }

    private void Keep(ReadOnlySpan<byte> chunk)
    {
        try
        {
            _store.Append(chunk);
        }
        catch (SpoolFullException e)
        {
            IsOutOfSpool = true;
            GiveUp(MessageBodyState.SpoolFailed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException)
        {
            GiveUp(MessageBodyState.SpoolFailed, e.Message);
        }
    }

    private void GiveUp(MessageBodyState state, string? failure)
    {
        Drop();
        _state = state;
        _failure = failure;
    }

    private void Drop()
    {
        if (_store.IsShared)
        {
            // Ranges of it are still being sent.
            _store.Dispose();
            _store = new BodyStore(_options, _limits);
        }
        else
        {
            _store.Clear();
        }
    }

    private void ThrowUnlessReady()
    {
        Late.ThrowUnless(_live, nameof(MessageBody), "the message ends");
        if (!_isComplete)
        {
            throw new InvalidOperationException("The body is complete at end of message, not before.");
        }
    }
}
