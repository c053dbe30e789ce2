using System.Collections.Immutable;
using System.Linq;

namespace Sluice.Explore;

/// <summary>A procedure with what the machine must know of it beforehand: which registers are read again.</summary>
internal sealed class Prepared
{
    public static readonly Prepared None = new(-1, new Procedure("none", 0, 0, ImmutableArray<Step>.Empty));

    private static readonly Return End = new(Operand.Null);

    private readonly Step[] _steps;
    private readonly int[][] _before;
    private readonly int[][] _across;
    private readonly int[] _names;
    private readonly Prepared?[] _called;

    public Prepared(int number, Procedure procedure)
    {
        Number = number;
        Name = procedure.Name;
        Parameters = procedure.Parameters;
        Registers = procedure.Registers;
        IsAsync = procedure.IsAsync;
        Source = procedure.Steps;
        _steps = new Step[procedure.Steps.Length];
        procedure.Steps.CopyTo(_steps);
        _names = new int[_steps.Length];
        _called = new Prepared?[_steps.Length];
        var live = Liveness.Of(procedure);
        _before = live.Before;
        _across = live.Across;
    }

    public int Number { get; }

    public string Name { get; }

    public ImmutableArray<Step> Source { get; }

    public int Parameters { get; }

    public int Registers { get; }

    public bool IsAsync { get; }

    /// <summary>Gets a value indicating whether it awaits something of which nothing is known.</summary>
    public bool WaitsForUnknown => Source.Any(static step => step is Await { Task.Kind: OperandKind.Unknown });

    /// <summary>The step of that index; behind the last, and for -1, the end without a value.</summary>
    public Step this[int step] => (uint)step < (uint)_steps.Length ? _steps[step] : End;

    /// <summary>The number of the type, field or key that a step names.</summary>
    public int NameOf(int step, Library library)
    {
        if (_names[step] == 0)
        {
            var name = _steps[step] switch
            {
                Make make => library.Types[make.Type],
                Load load => library.Fields[load.Field],
                Store store => library.Fields[store.Field],
                MakeDelegate made => library.Keys[made.Procedure],
                _ => 0,
            };
            _names[step] = name + 1;
        }

        return _names[step] - 1;
    }

    /// <summary>What a call that is not virtual runs.</summary>
    public Prepared? CalledBy(int step, Call call, Library library)
    {
        if (_names[step] == 0)
        {
            _names[step] = 1;
            _called[step] = library.Find(call.Procedure);
        }

        return _called[step];
    }

    /// <summary>The registers that may still be read when the step runs, or (<paramref name="isCalling"/>) once what it called returns.</summary>
    public int[] Live(int step, bool isCalling) => (uint)step >= (uint)_steps.Length ? System.Array.Empty<int>() : isCalling ? _across[step] : _before[step];
}
