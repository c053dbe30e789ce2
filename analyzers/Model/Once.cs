using System;

namespace Sluice.Model;

/// <summary>A value that is made when it is first asked for. What a Lazy is, without an object of its own; a field of this type must not be readonly. Used by one thread.</summary>
internal struct Once<T>
{
    private T _value;

    public Once(T value) => (_value, IsMade) = (value, true);

    public bool IsMade { get; private set; }

    public T Get<TOwner>(TOwner owner, Func<TOwner, T> make)
    {
        if (!IsMade)
        {
            _value = make(owner);
            IsMade = true;
        }

        return _value;
    }
}
