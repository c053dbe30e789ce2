using System.Collections.Generic;

namespace Sluice.Explore;

/// <summary>The procedures of an exploration and the numbers of its names.</summary>
internal sealed class Library(ICode code)
{
    private readonly Dictionary<object, Prepared?> _byKey = new();
    private readonly Dictionary<Procedure, Prepared> _prepared = new();
    private readonly List<Prepared> _all = new();

    /// <summary>The type of what the machine itself makes: no code belongs to it.</summary>
    public const int NoType = -1;

    public Table<object> Types { get; } = new();

    public Table<object> Keys { get; } = new();

    public Table<string> Fields { get; } = new();

    public Table<string> Texts { get; } = new();

    public Table<Label> Labels { get; } = new();

    public Prepared this[int number] => _all[number];

    public Prepared? Find(object key)
    {
        if (!_byKey.TryGetValue(key, out var found))
        {
            found = code.Find(key) is { } procedure ? Prepare(procedure) : null;
            _byKey.Add(key, found);
        }

        return found;
    }

    /// <summary>What a virtual call of the key runs on an object of that type.</summary>
    public Prepared? Resolve(object key, int type) => type != NoType && code.Resolve(key, Types.Of(type)) is { } resolved ? Find(resolved) : null;

    public Prepared Prepare(Procedure procedure)
    {
        if (!_prepared.TryGetValue(procedure, out var prepared))
        {
            prepared = new Prepared(_all.Count, procedure);
            _all.Add(prepared);
            _prepared.Add(procedure, prepared);
        }

        return prepared;
    }
}
