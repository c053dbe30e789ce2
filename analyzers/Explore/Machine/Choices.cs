namespace Sluice.Explore;

/// <summary>The ways that the choices of one turn go: all 0 at first, then each combination in turn.</summary>
internal sealed class Choices
{
    /// <summary>As many as one number holds.</summary>
    private const int Places = 4;

    private readonly int[] _taken = new int[Places];
    private readonly int[] _ways = new int[Places];
    private int _known;
    private int _at;

    /// <summary>Gets a value indicating whether the turn has made as many choices as one may.</summary>
    public bool AreExhausted => _at >= Limits.Choices;

    /// <summary>Gets a value indicating whether a turn would have had to choose more often than that.</summary>
    public bool IsBeyondLimits { get; private set; }

    /// <summary>Gets the ways taken, in one number.</summary>
    public uint Taken
    {
        get
        {
            var taken = 0u;
            for (var i = 0; i < _at; i++)
            {
                taken |= (uint)_taken[i] << (8 * i);
            }

            return taken;
        }
    }

    public void Reset()
    {
        _known = _at = 0;
        IsBeyondLimits = false;
    }

    /// <summary>Sets the ways to take to those of an earlier turn.</summary>
    public void Repeat(uint taken)
    {
        _at = 0;
        _known = Places;
        for (var i = 0; i < Places; i++)
        {
            _taken[i] = (int)((taken >> (8 * i)) & 0xFF);
            _ways[i] = Limits.Ways;
        }
    }

    public int Pick(int ways)
    {
        if (ways <= 1)
        {
            return 0;
        }

        if (_at >= Places)
        {
            IsBeyondLimits = true;
            return 0;
        }

        if (_at == _known)
        {
            _taken[_at] = 0;
            _ways[_at] = ways;
            _known++;
        }

        return _taken[_at++];
    }

    public bool Coin() => Pick(2) == 0;

    /// <summary>Goes to the next combination for the same turn; false when there is none.</summary>
    public bool Next()
    {
        IsBeyondLimits = false;
        _known = _at;
        while (_known > 0 && _taken[_known - 1] + 1 >= _ways[_known - 1])
        {
            _known--;
        }

        if (_known == 0)
        {
            return false;
        }

        _taken[_known - 1]++;
        _at = 0;
        return true;
    }
}
