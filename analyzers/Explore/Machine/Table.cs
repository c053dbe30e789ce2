using System.Collections.Generic;

namespace Sluice.Explore;

/// <summary>Numbers for things: types, fields, texts, labels.</summary>
internal sealed class Table<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = new();
    private readonly List<T> _things = new();

    public int this[T thing]
    {
        get
        {
            if (!_numbers.TryGetValue(thing, out var number))
            {
                number = _things.Count;
                _numbers.Add(thing, number);
                _things.Add(thing);
            }

            return number;
        }
    }

    public T Of(int number) => _things[number];
}
