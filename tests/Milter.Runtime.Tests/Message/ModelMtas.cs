using System.Globalization;

namespace Milter.Runtime.Tests.Message;

/// <summary>A field of a model's header.</summary>
internal sealed class ModelField(string name, string value)
{
    public string Name { get; set; } = name;

    public string Value { get; set; } = value;

    public bool IsDeleted { get; set; }

    public override string ToString() => $"{Name}: {Value}";
}

/// <summary>What an MTA does with header modifications, as docs/protocol.md (header positions) tells it: its own Received, hidden from filters, on top.</summary>
internal abstract class ModelMta
{
    protected ModelMta(IEnumerable<string> fields)
    {
        Fields.Add(Own);
        Fields.AddRange(fields.Select(field => new ModelField(field[..field.IndexOf(':', StringComparison.Ordinal)], field[(field.IndexOf(':', StringComparison.Ordinal) + 2)..])));
    }

    protected ModelField Own { get; } = new("Received", "by me");

    protected List<ModelField> Fields { get; } = [];

    public IEnumerable<string> Header => Fields.Where(one => !one.IsDeleted).Select(one => one.ToString());

    public void Apply(string packet)
    {
        string[] parts = packet.Split(' ', 3);
        int index = int.Parse(parts[1], CultureInfo.InvariantCulture);
        int colon = parts[2].IndexOf(": ", StringComparison.Ordinal);
        string name = parts[2][..colon], value = parts[2][(colon + 2)..];
        if (parts[0] == "i")
        {
            Fields.Insert(Math.Min(index, Fields.Count), new ModelField(name, value));
        }
        else
        {
            Change(Math.Max(index, 1), name, value);
        }
    }

    protected abstract void Change(int index, string name, string value);
}

/// <summary>Deletes at once, so that later numbers move; writes the name as the filter spells it.</summary>
internal sealed class ModelPostfix(IEnumerable<string> fields) : ModelMta(fields)
{
    protected override void Change(int index, string name, string value)
    {
        ModelField? field = Fields.Where(f => f != Own && f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ElementAtOrDefault(index - 1);
        if (field is null)
        {
            if (value.Length > 0)
            {
                Fields.Add(new ModelField(name, value));
            }
        }
        else if (value.Length == 0)
        {
            Fields.Remove(field);
        }
        else
        {
            (field.Name, field.Value) = (name, value);
        }
    }
}

/// <summary>Keeps deleted fields in the count; keeps the name as the client spelled it.</summary>
internal sealed class ModelSendmail(IEnumerable<string> fields) : ModelMta(fields)
{
    protected override void Change(int index, string name, string value)
    {
        ModelField? field = Fields.Where(f => f != Own && f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ElementAtOrDefault(index - 1);
        if (field is null)
        {
            if (value.Length > 0)
            {
                Fields.Add(new ModelField(name, value));
            }
        }
        else
        {
            field.IsDeleted = value.Length == 0;
            field.Value = value;
        }
    }
}
