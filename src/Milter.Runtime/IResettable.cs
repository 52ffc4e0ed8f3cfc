namespace Milter;

/// <summary>A value that can be made as new, for the next message (see <see cref="PerMessageAttribute"/>).</summary>
public interface IResettable
{
    /// <summary>Forgets everything that belongs to one message.</summary>
    void Reset();
}
