using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>Code that runs one step after the other: the code that a rehearsal begins with, or work that was started beside it.</summary>
internal sealed class Strand(Strand? parent, SyntaxNode? start)
{
    /// <summary>After everything that a strand does.</summary>
    public const int End = int.MaxValue;

    private int _steps;

    public Strand? Parent { get; } = parent;

    /// <summary>Gets where it was started.</summary>
    public SyntaxNode? Start { get; } = start;

    /// <summary>Gets or sets a value indicating whether it runs again and again: what it tells others it may tell in the last round.</summary>
    public bool IsHandler { get; set; }

    public Moment Next() => new(this, ++_steps);

    public Moment Last => new(this, End);

    public Moment First => new(this, 0);
}

/// <summary>A step of a strand.</summary>
internal readonly record struct Moment(Strand Strand, int Step);

/// <summary>A variable is read or written.</summary>
internal sealed record Access(Moment At, Cell Cell, bool IsWrite, bool IsAtomic, ImmutableArray<HeldThing> Locks, ImmutableArray<(int Branch, int Arm)> Path, SyntaxNode Syntax, Frame Frame)
{
    public int Line => Syntax.Line();

    /// <summary>Gets a value indicating whether it is about one element of an array: which, is not told, and another access may be about another.</summary>
    public bool IsElement => Cell.Owner?.Type is IArrayTypeSymbol && Syntax is ElementAccessExpressionSyntax;

    /// <summary>The literal that is assigned as it is, in its words; null when it is no such write.</summary>
    public string? Constant() => IsWrite && Assignment(Syntax) is { Right: var value } && (value is LiteralExpressionSyntax || value is PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax }) ? value.ToString() : null;

    /// <summary>Whether a lock keeps the two apart.</summary>
    public bool SharesLockWith(Access other) => Locks.Any(mine => other.Locks.Any(theirs => mine.Lock == theirs.Lock && !(mine.IsShared && theirs.IsShared)));

    /// <summary>Whether the two stand in different arms of one condition.</summary>
    public bool Excludes(Access other) => Path.Any(mine => other.Path.Any(theirs => mine.Branch == theirs.Branch && mine.Arm != theirs.Arm));

    private static AssignmentExpressionSyntax? Assignment(SyntaxNode target) => (target.Parent is MemberAccessExpressionSyntax access && access.Name == target ? access : target) is var place
        && place.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == place ? assignment : target as AssignmentExpressionSyntax;
}

/// <summary>A lock that is held; null stands for one that could not be told, which is taken for any.</summary>
internal readonly record struct HeldThing(Thing Lock, bool IsShared);

/// <summary>What happens before what: the order in each strand, and the edges between strands.</summary>
internal sealed class Order(IEnumerable<(Moment From, Moment To)> edges)
{
    private readonly ILookup<Strand, (Moment From, Moment To)> _from = edges.Where(edge => edge.From.Strand != edge.To.Strand).Distinct().ToLookup(edge => edge.From.Strand);
    private readonly Dictionary<Moment, Dictionary<Strand, int>> _reached = [];

    public bool AreOrdered(Moment one, Moment other) => one.Strand == other.Strand || IsBefore(one, other) || IsBefore(other, one);

    private bool IsBefore(Moment one, Moment other)
    {
        if (!_reached.TryGetValue(one, out var reached))
        {
            _reached[one] = reached = Reach(one);
        }

        return reached.TryGetValue(other.Strand, out int earliest) && earliest <= other.Step;
    }

    // The earliest step of each strand that comes after the moment.
    private Dictionary<Strand, int> Reach(Moment start)
    {
        var reached = new Dictionary<Strand, int>();
        var open = new Queue<Moment>();
        open.Enqueue(start);
        while (open.Count > 0)
        {
            var here = open.Dequeue();
            foreach (var (from, to) in _from[here.Strand])
            {
                if (from.Step >= here.Step && to.Strand != start.Strand && (!reached.TryGetValue(to.Strand, out int before) || to.Step < before))
                {
                    reached[to.Strand] = to.Step;
                    open.Enqueue(to);
                }
            }
        }

        return reached;
    }
}
