namespace Sluice;

/// <summary>Every choice that chance could make is explored.</summary>
internal struct Chance
{
    private int _asked;

    internal uint Below(uint bound)
    {
        _asked++;
        return (uint)Interleavings.Explorer.Any((int)bound);
    }
}
