using System.Collections.Generic;
using System.Linq;

namespace Sluice.Explore;

/// <summary>
/// Stands small numbers for the large ones that a program counts to, so that all is counted to its end: in their order, and so that sums and multiples of a few come out.
/// A channel of 100 and a loop of 200 are one of 5 and one of 10.
/// </summary>
internal sealed class Sizes
{
    /// <summary>Up to here numbers stand for themselves.</summary>
    public const int Exact = 4;

    // What stands for the bound of a loop at least: more than what a test asks for in it.
    private const int Rounds = 3;
    private const int MostMultiple = 4;
    private const int MostDifference = 2;

    // When there are more than these, it is not known which ones matter.
    private const int Most = 5;

    private readonly SortedSet<int> _numbers = [];
    private readonly Dictionary<int, int> _small = [];

    // Those that are more than the bound of a loop: rooms, say, which as many statements may fill as stand there.
    private readonly HashSet<int> _given = [];
    private int _asked;

    /// <summary>Gets how many there are. With another one, others may stand for the same numbers.</summary>
    public int Count => _numbers.Count + _asked;

    /// <summary>Gets the largest number that calculations give.</summary>
    public int Largest { get; private set; } = Limits.Numbers;

    /// <summary>Gets or sets a value indicating whether numbers that come later stand for themselves.</summary>
    public bool IsFixed { get; set; }

    /// <summary>The number that stands for another; itself when there are too many.</summary>
    public int this[int number] => _small.TryGetValue(number, out var small) ? small : number;

    /// <summary>Takes the sizes that the code of a procedure mentions.</summary>
    public void AddFrom(Procedure procedure)
    {
        if (IsFixed)
        {
            return;
        }

        var count = Count;
        foreach (var step in procedure.Steps)
        {
            foreach (var operand in step.Operands())
            {
                if (operand.Kind == OperandKind.Size)
                {
                    _numbers.Add(operand.Number);
                    if (step is not Test)
                    {
                        _given.Add(operand.Number);
                    }
                }
                else if (operand.Kind == OperandKind.Number && step is Test)
                {
                    _asked = System.Math.Max(_asked, operand.Number);
                }
            }
        }

        if (Count != count)
        {
            Arrange();
        }
    }

    private void Arrange()
    {
        _small.Clear();
        Largest = Limits.Numbers;
        if (_numbers.Count > Most)
        {
            return;
        }

        var before = 0;
        foreach (var number in _numbers)
        {
            var small = Related(number).Where(candidate => candidate > before && candidate >= Rounds && candidate <= Limits.Size).DefaultIfEmpty(System.Math.Max(before, _given.Contains(number) ? Exact : System.Math.Max(_asked, Rounds - 1)) + 1).First();
            if (small > Limits.Size)
            {
                return;
            }

            _small[number] = before = small;
            Largest = System.Math.Max(Largest, small);
        }
    }

    /// <summary>What a number would be if it is made of those below it, the likeliest first.</summary>
    private IEnumerable<int> Related(int number)
    {
        foreach (var one in _small.Reverse())
        {
            if (number - one.Key <= MostDifference)
            {
                yield return one.Value + number - one.Key;
            }
        }

        foreach (var one in _small)
        {
            foreach (var other in _small)
            {
                if (one.Key + other.Key == number)
                {
                    yield return one.Value + other.Value;
                }
                else if (one.Key * (long)other.Key == number)
                {
                    yield return one.Value * other.Value;
                }
            }

            if (number % one.Key == 0 && number / one.Key <= MostMultiple)
            {
                yield return number / one.Key * one.Value;
            }
        }
    }
}
