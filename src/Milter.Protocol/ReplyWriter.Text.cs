namespace Milter.Protocol;

/// <content>The modifications, from strings.</content>
public static partial class ReplyWriter
{
    /// <inheritdoc cref="AddHeader(FrameBuffer, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void AddHeader(FrameBuffer buffer, string name, string value)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes]);
        using var valueBytes = new ScratchText(value, stackalloc byte[ScratchText.StackBytes]);
        AddHeader(buffer, nameBytes.Bytes, valueBytes.Bytes);
    }

    /// <inheritdoc cref="InsertHeader(FrameBuffer, uint, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void InsertHeader(FrameBuffer buffer, uint index, string name, string value)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes]);
        using var valueBytes = new ScratchText(value, stackalloc byte[ScratchText.StackBytes]);
        InsertHeader(buffer, index, nameBytes.Bytes, valueBytes.Bytes);
    }

    /// <inheritdoc cref="ChangeHeader(FrameBuffer, uint, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void ChangeHeader(FrameBuffer buffer, uint index, string name, string value)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes]);
        using var valueBytes = new ScratchText(value, stackalloc byte[ScratchText.StackBytes]);
        ChangeHeader(buffer, index, nameBytes.Bytes, valueBytes.Bytes);
    }

    /// <inheritdoc cref="AddRecipient(FrameBuffer, ReadOnlySpan{byte})"/>
    public static void AddRecipient(FrameBuffer buffer, string address)
    {
        using var addressBytes = new ScratchText(address, stackalloc byte[ScratchText.StackBytes]);
        AddRecipient(buffer, addressBytes.Bytes);
    }

    /// <inheritdoc cref="AddRecipientWithArguments(FrameBuffer, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void AddRecipientWithArguments(FrameBuffer buffer, string address, string arguments)
    {
        using var addressBytes = new ScratchText(address, stackalloc byte[ScratchText.StackBytes]);
        using var argumentBytes = new ScratchText(arguments, stackalloc byte[ScratchText.StackBytes]);
        AddRecipientWithArguments(buffer, addressBytes.Bytes, argumentBytes.Bytes);
    }

    /// <inheritdoc cref="DeleteRecipient(FrameBuffer, ReadOnlySpan{byte})"/>
    public static void DeleteRecipient(FrameBuffer buffer, string address)
    {
        using var addressBytes = new ScratchText(address, stackalloc byte[ScratchText.StackBytes]);
        DeleteRecipient(buffer, addressBytes.Bytes);
    }

    /// <inheritdoc cref="ChangeSender(FrameBuffer, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void ChangeSender(FrameBuffer buffer, string address, string arguments = "")
    {
        using var addressBytes = new ScratchText(address, stackalloc byte[ScratchText.StackBytes]);
        using var argumentBytes = new ScratchText(arguments, stackalloc byte[ScratchText.StackBytes]);
        ChangeSender(buffer, addressBytes.Bytes, argumentBytes.Bytes);
    }

    /// <inheritdoc cref="Quarantine(FrameBuffer, ReadOnlySpan{byte})"/>
    public static void Quarantine(FrameBuffer buffer, string reason)
    {
        using var reasonBytes = new ScratchText(reason, stackalloc byte[ScratchText.StackBytes]);
        Quarantine(buffer, reasonBytes.Bytes);
    }
}
