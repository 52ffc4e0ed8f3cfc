namespace Milter;

/// <summary>What the attributes of all stages share. Read at compile time only.</summary>
public abstract class StageAttribute : Attribute
{
    private protected StageAttribute()
    {
    }

    /// <summary>Gets or sets the place of this method among the methods of its class that handle the same stage: lower runs first.</summary>
    /// <remarks>Needed only where two methods can both run. Methods of a base class run before those of the derived class, whatever their order. The first verdict that is not Continue ends the stage.</remarks>
    public int Order { get; set; }
}
