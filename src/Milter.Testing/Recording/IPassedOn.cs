namespace Milter.Testing;

/// <summary>Sees a conversation go by. Both directions tell it, maybe at once.</summary>
internal interface IPassedOn
{
    /// <summary>A packet has come, and is about to be passed on.</summary>
    void See(bool fromFilter, byte code, ReadOnlySpan<byte> payload);

    /// <summary>What comes can't be decoded from here on, or ends within a packet; it is passed on all the same.</summary>
    void Complain(string what);

    /// <summary>The conversation is over.</summary>
    void End(string how);
}
