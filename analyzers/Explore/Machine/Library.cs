using System.Collections.Generic;
using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>The procedures of an exploration and the numbers of its names.</summary>
internal sealed class Library(ICode code)
{
    private readonly Dictionary<object, Prepared?> _byKey = new();
    private readonly Dictionary<Procedure, Prepared> _prepared = new();
    private readonly List<Prepared> _all = new();
    private readonly HashSet<string> _read = new();
    private bool _isFixed;
    private bool _readsAll;

    private const int MostAhead = 60;

    /// <summary>The type of what the machine itself makes: no code belongs to it.</summary>
    public const int NoType = -1;

    public Table<object> Types { get; } = new();

    public Table<object> Keys { get; } = new();

    public Table<string> Fields { get; } = new();

    public Table<string> Texts { get; } = new();

    public Table<Label> Labels { get; } = new();

    /// <summary>Gets the sizes that the code met so far counts to.</summary>
    public Sizes Sizes { get; } = new();

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

    /// <summary>Gets how much is known of what the code reads: once that grows, a search begins again.</summary>
    public int Version => Sizes.Count + _read.Count;

    /// <summary>Whether any code reads what a field holds.</summary>
    public bool IsRead(string field) => _readsAll || _read.Contains(field);

    /// <summary>Says that states are kept from here on: what comes new does not change what they mean.</summary>
    public void Fix(bool readsAll)
    {
        Sizes.IsFixed = _isFixed = true;
        _readsAll |= readsAll;
    }

    /// <summary>Looks at the code that can be seen to be reached, so that little of it comes as a surprise.</summary>
    public void LookAhead(object root)
    {
        var open = new Queue<object>();
        var seen = new HashSet<object> { root };
        open.Enqueue(root);
        while (open.Count > 0 && seen.Count < MostAhead)
        {
            foreach (var step in code.Find(open.Dequeue()) is { } procedure ? Prepare(procedure).Source : ImmutableArray<Step>.Empty)
            {
                if ((step as Call)?.Procedure is { } called && seen.Add(called))
                {
                    open.Enqueue(called);
                }
                else if ((step as MakeDelegate)?.Procedure is { } made && seen.Add(made))
                {
                    open.Enqueue(made);
                }
            }
        }
    }

    /// <summary>What a virtual call of the key runs on an object of that type.</summary>
    public Prepared? Resolve(object key, int type) => type != NoType && code.Resolve(key, Types.Of(type)) is { } resolved ? Find(resolved) : null;

    public Prepared Prepare(Procedure procedure)
    {
        if (!_prepared.TryGetValue(procedure, out var prepared))
        {
            prepared = new Prepared(_all.Count, procedure);
            _all.Add(prepared);
            Sizes.AddFrom(procedure);
            if (_isFixed)
            {
                _readsAll = true;
            }
            else
            {
                _read.UnionWith(Readers.FieldsRead(procedure.Steps));
            }

            _prepared.Add(procedure, prepared);
        }

        return prepared;
    }
}
