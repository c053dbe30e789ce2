using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Sluice.Explore;

/// <summary>Puts the steps of one procedure together. While it does, steps name each other by marks, which may be placed later.</summary>
internal sealed class Emitter
{
    /// <summary>The step that stands behind, whichever that is.</summary>
    public const int Behind = -2;

    private const int MostSteps = 4_000;

    private readonly List<Step> _steps = [];
    private readonly List<int> _marks = [];

    /// <summary>Gets the registers that were given out.</summary>
    public int Registers { get; private set; }

    /// <summary>Gets or sets where exceptions go, the innermost first.</summary>
    public ImmutableArray<Handler> Handlers { get; set; } = ImmutableArray<Handler>.Empty;

    /// <summary>Gets or sets a value indicating whether nobody else has a turn between the steps.</summary>
    public bool KeepsTurn { get; set; }

    /// <summary>Gets a value indicating whether it has become too large to be worth it.</summary>
    public bool IsTooLarge => _steps.Count > MostSteps;

    public int NewRegister() => Registers++;

    public int NewMark()
    {
        _marks.Add(-1);
        return _marks.Count - 1;
    }

    public void Place(int mark) => _marks[mark] = _steps.Count;

    public int Here()
    {
        var mark = NewMark();
        Place(mark);
        return mark;
    }

    public void Emit(Step step, int next = Behind)
    {
        if (!IsTooLarge)
        {
            _steps.Add(step with { Next = next, KeepsTurn = KeepsTurn, Handlers = step is Call or Invoke or Await or Do or Throw ? Handlers : ImmutableArray<Handler>.Empty });
        }
    }

    public void GoTo(int mark) => Emit(new Jump(), mark);

    /// <summary>The steps that can be reached, with jumps taken out.</summary>
    public ImmutableArray<Step> Finish()
    {
        // Whoever falls off the end returns.
        _steps.Add(new Return(Operand.Null));
        var numbers = new Dictionary<int, int>();
        var order = new List<int>();
        var open = new Stack<int>();
        Reach(0);
        while (open.Count > 0)
        {
            foreach (var target in Targets(open.Pop()))
            {
                Reach(target);
            }
        }

        return order.Select(index => Renumbered(index, numbers)).ToImmutableArray();

        void Reach(int index)
        {
            index = Through(index);
            if (!numbers.ContainsKey(index))
            {
                numbers.Add(index, order.Count);
                order.Add(index);
                open.Push(index);
            }
        }
    }

    private static bool EndsThere(Step step) => step is Return or Throw;

    private int IndexOf(int index, int mark) => mark == Behind ? index + 1 : _marks[mark] < 0 || _marks[mark] >= _steps.Count ? _steps.Count - 1 : _marks[mark];

    private int Through(int index)
    {
        for (var i = 0; i < 100 && _steps[index] is Jump jump; i++)
        {
            index = IndexOf(index, jump.Next);
        }

        return index;
    }

    private IEnumerable<int> Targets(int index)
    {
        var step = _steps[index];
        if (!EndsThere(step))
        {
            yield return IndexOf(index, step.Next);
        }

        foreach (var handler in step.Handlers)
        {
            yield return IndexOf(index, handler.Step);
        }

        if (step is Test test)
        {
            yield return IndexOf(index, test.Otherwise);
        }

        if (step is Choose choose)
        {
            foreach (var other in choose.Others)
            {
                yield return IndexOf(index, other);
            }
        }
    }

    private Step Renumbered(int index, Dictionary<int, int> numbers)
    {
        int To(int mark) => numbers[Through(IndexOf(index, mark))];

        var step = _steps[index];
        step = step with
        {
            Next = EndsThere(step) ? -1 : To(step.Next),
            Handlers = step.Handlers.IsEmpty ? step.Handlers : step.Handlers.Select(handler => handler with { Step = To(handler.Step) }).ToImmutableArray(),
        };
        return step switch
        {
            // An endless loop in which nothing happens.
            Jump => new Choose(ImmutableArray<int>.Empty) { Next = step.Next },
            Test test => test with { Otherwise = To(test.Otherwise) },
            Choose choose => choose with { Others = choose.Others.Select(To).ToImmutableArray() },
            _ => step,
        };
    }

    private sealed record Jump : Step;
}
