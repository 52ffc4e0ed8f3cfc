namespace Milter.Runtime.Tests.Message;

/// <summary>
/// Protects the promise of the header editor: whatever was called, both MTAs end up with the header that the calls, made one after another on the header
/// that was shown, would give.
/// </summary>
public sealed class HeaderPlanModelTests
{
    private static readonly string[] s_names = ["A", "a", "B", "Received", "Subject"];

    [Fact]
    public void Postfix_and_Sendmail_both_get_what_was_promised()
    {
        var random = new Random(8_617);
        for (int round = 0; round < 5_000; round++)
        {
            string[] shown = [.. Enumerable.Range(0, random.Next(8)).Select(i => $"{s_names[random.Next(s_names.Length)]}: v{i}")];
            var bench = new PlanBench(shown);
            bench.Begin();
            var promised = new Promise(shown);
            var calls = new List<string>();
            for (int i = random.Next(1, 10); i > 0; i--)
            {
                calls.Add(promised.Call(random, bench.Plan.HeaderEditor, s_names, $"n{i}"));
            }

            ModelMta[] mtas = [new ModelPostfix(shown), new ModelSendmail(shown)];
            foreach (string packet in bench.Packets())
            {
                Array.ForEach(mtas, mta => mta.Apply(packet));
            }

            string story = $"shown {string.Join(", ", shown)}\n{string.Join('\n', calls)}\nsent\n{string.Join('\n', bench.Packets())}";
            foreach (ModelMta mta in mtas)
            {
                Assert.True(promised.Header.SequenceEqual(mta.Header), $"{mta.GetType().Name}\n{story}\npromised {string.Join(", ", promised.Header)}\ngot {string.Join(", ", mta.Header)}");
            }
        }
    }

    /// <summary>The header as a plain list on which each call is made at once.</summary>
    private sealed class Promise(string[] shown)
    {
        private readonly List<(string Name, string Value, int Shown)> _fields =
        [
            ("Received", "by me", -2),
            .. shown.Select((field, i) => (field[..field.IndexOf(':', StringComparison.Ordinal)], field[(field.IndexOf(':', StringComparison.Ordinal) + 2)..], i)),
        ];

        public IEnumerable<string> Header => _fields.Select(one => $"{one.Name}: {one.Value}");

        public string Call(Random random, HeaderEditor editor, string[] names, string value)
        {
            string name = names[random.Next(names.Length)];
            int occurrence = random.Next(1, 4);
            switch (random.Next(9))
            {
                case 0 or 1:
                    editor.Prepend(name, value);
                    _fields.Insert(0, (name, value, -1));
                    return $"Prepend {name} {value}";
                case 2 or 3:
                    editor.Append(name, value);
                    _fields.Add((name, value, -1));
                    return $"Append {name} {value}";
                case 4:
                    return TryKeep(name, value, () => editor.Set(name, value));
                case 5:
                    return TryKeep(name, null, () => editor.RemoveAll(name));
                case 6:
                    Assert.Equal(Edit(name, occurrence, value), editor.Change(name, occurrence, value));
                    return $"Change {name} {occurrence} {value}";
                case 7:
                    Assert.Equal(Edit(name, occurrence, null), editor.Remove(name, occurrence));
                    return $"Remove {name} {occurrence}";
                default:
                    editor.InsertAt(1, name, value);
                    _fields.Insert(1, (name, value, -1));
                    return $"InsertAt 1 {name} {value}";
            }
        }

        /// <summary>Set, or RemoveAll without a value; with raw positions in the plan it may be refused, and then changes nothing.</summary>
        private string TryKeep(string name, string? value, Action call)
        {
            string told = value is null ? $"RemoveAll {name}" : $"Set {name} {value}";
            try
            {
                call();
            }
            catch (InvalidOperationException e) when (e.Message.Contains("InsertAt", StringComparison.Ordinal))
            {
                return told + " (refused)";
            }

            bool done = value is null;
            for (int i = 0; i < _fields.Count; i++)
            {
                if (_fields[i].Shown != -2 && Is(i, name))
                {
                    if (!done)
                    {
                        _fields[i] = _fields[i] with { Value = value! };
                        done = true;
                    }
                    else
                    {
                        _fields.RemoveAt(i--);
                    }
                }
            }

            if (!done)
            {
                _fields.Add((name, value!, -1));
            }

            return told;
        }

        private bool Edit(string name, int occurrence, string? value)
        {
            int[] places = [.. Enumerable.Range(0, shown.Length).Where(i => shown[i].StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))];
            int at = occurrence > places.Length ? -1 : _fields.FindIndex(field => field.Shown == places[occurrence - 1]);
            if (at >= 0 && value is null)
            {
                _fields.RemoveAt(at);
            }
            else if (at >= 0)
            {
                _fields[at] = _fields[at] with { Value = value! };
            }

            return at >= 0;
        }

        private bool Is(int index, string name) => _fields[index].Name.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
