using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Sharing;

/// <summary>An object of a rehearsal: what one creation made, or what stands for an object that came from outside.</summary>
internal sealed class Thing(ITypeSymbol? type, bool isKnown = false)
{
    private readonly Dictionary<ISymbol, Cell> _fields = new(SymbolEqualityComparer.Default);
    private Cell? _content;

    /// <summary>Gets the type: the real one when <see cref="IsKnown"/>, the declared one otherwise.</summary>
    public ITypeSymbol? Type { get; } = type;

    /// <summary>Gets a value indicating whether the rehearsal saw it made.</summary>
    public bool IsKnown { get; } = isKnown;

    /// <summary>Gets how many a semaphore lets in.</summary>
    public Permits Permits { get; init; }

    /// <summary>Gets the call in which it was made; null for what no constructor made.</summary>
    public Frame? Maker { get; init; }

    /// <summary>Gets what a timer that has not begun gives to its work.</summary>
    public ImmutableArray<Thing> State { get; init; } = ImmutableArray<Thing>.Empty;

    /// <summary>Gets what a delegate runs.</summary>
    public Closure? Closure { get; init; }

    /// <summary>Gets the work that a task or thread stands for.</summary>
    public List<Strand> Strands { get; } = [];

    /// <summary>Gets or sets what an await of the task gives, as far as it is known when it is awaited.</summary>
    public ImmutableArray<Thing> Result { get; set; } = ImmutableArray<Thing>.Empty;

    /// <summary>Gets the collections that a query which has not run yet goes through.</summary>
    public ImmutableArray<Thing> Sources { get; init; } = ImmutableArray<Thing>.Empty;

    /// <summary>Gets what is in a collection, channel or array.</summary>
    public Cell Content => _content ??= new Cell(this, null, null);

    /// <summary>Gets what a value is made of, a tuple or a struct; nothing for an object.</summary>
    public IEnumerable<Thing> Parts => Type is { IsValueType: true } ? _fields.Values.SelectMany(part => part.Values) : [];

    public IEnumerable<Cell> Fields => _fields.Values;

    public ISymbol? FieldHolding(Thing thing) => _fields.Values.FirstOrDefault(cell => cell.Holds(thing))?.Symbol;

    public Cell Field(ISymbol field)
    {
        var key = field.OriginalDefinition;
        if (!_fields.TryGetValue(key, out var cell))
        {
            _fields[key] = cell = new Cell(this, key, TypeOf(field));
        }

        return cell;
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        IEventSymbol handler => handler.Type,
        _ => null,
    };
}

/// <summary>How many a semaphore lets in at first.</summary>
internal enum Permits
{
    Unknown,
    None,
    One,
    Many,
}

/// <summary>A variable: a field of one object, a static, a local of one call, or the content of one collection.</summary>
internal sealed class Cell(Thing? owner, ISymbol? symbol, ITypeSymbol? type)
{
    private const int Most = 6;
    private Thing? _unknown;

    /// <summary>Gets the object whose field or content it is; null for statics and locals.</summary>
    public Thing? Owner { get; } = owner;

    /// <summary>Gets the field, property, local or parameter; null for the content of a collection.</summary>
    public ISymbol? Symbol { get; } = symbol;

    public ImmutableArray<Thing> Values { get; private set; } = ImmutableArray<Thing>.Empty;

    /// <summary>What the variable may hold; something unknown, but always the same, when nobody was seen to set it.</summary>
    public ImmutableArray<Thing> Load() => !Values.IsEmpty || type is null or { IsValueType: true } or { SpecialType: SpecialType.System_String }
        ? Values
        : ImmutableArray.Create(_unknown ??= new Thing(type));

    public bool Holds(Thing thing) => thing == _unknown || Values.Contains(thing);

    public void Store(ImmutableArray<Thing> values) => Values = Union(Values, values);

    /// <summary>Assigns a local: what it held before is gone, as far as this is known.</summary>
    public void Replace(ImmutableArray<Thing> values) => Values = values.IsEmpty ? Values : values;

    public static ImmutableArray<Thing> Union(ImmutableArray<Thing> one, ImmutableArray<Thing> other)
    {
        if (one.IsEmpty || other.IsEmpty)
        {
            return one.IsEmpty ? other : one;
        }

        foreach (var thing in other)
        {
            if (one.Length < Most && !one.Contains(thing))
            {
                one = one.Add(thing);
            }
        }

        return one;
    }
}

/// <summary>What a delegate runs: a lambda or local function with the call that it stands in, or a method with its object.</summary>
/// <param name="Function">The method, lambda or local function.</param>
/// <param name="Code">The code of a lambda or local function.</param>
/// <param name="Around">The call around that code.</param>
/// <param name="Receiver">The object of a method.</param>
internal sealed record Closure(IMethodSymbol Function, IOperation? Code, Frame? Around, ImmutableArray<Thing> Receiver);

/// <summary>One call of one body.</summary>
/// <param name="caller">The call that it was made from; null for the first.</param>
/// <param name="site">Where it was made.</param>
/// <param name="around">For a lambda or local function the call around it.</param>
/// <param name="self">The object.</param>
/// <param name="declaration">The code.</param>
internal sealed class Frame(Frame? caller, SyntaxNode? site, Frame? around, ImmutableArray<Thing> self, SyntaxNode declaration)
{
    private readonly Dictionary<ISymbol, Cell> _variables = new(SymbolEqualityComparer.Default);

    private Frame(Frame original)
        : this(original.Caller, original.Site, original.Around, original.This, original.Declaration)
    {
        _variables = new(original._variables, SymbolEqualityComparer.Default);
        SharesLocals = true;
    }

    public Frame? Caller { get; } = caller;

    public SyntaxNode? Site { get; } = site;

    public Frame? Around { get; } = around;

    public ImmutableArray<Thing> This { get; } = self;

    public SyntaxNode Declaration { get; } = declaration;

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    /// <summary>Gets or sets a value indicating whether a lambda or local function was met, which may share the locals from then on.</summary>
    public bool SharesLocals { get; set; }

    /// <summary>Gets a value indicating whether whoever called waits for the task that the code returns.</summary>
    public bool IsAwaited { get; init; }

    /// <summary>Gets or sets the arms in which the rest of the call stands, since the other ones left it.</summary>
    public ImmutableArray<(int Branch, int Arm)> Left { get; set; } = ImmutableArray<(int, int)>.Empty;

    public ImmutableArray<Thing> Returned { get; set; } = ImmutableArray<Thing>.Empty;

    /// <summary>Gets the calls from here to the first one.</summary>
    public IEnumerable<Frame> Chain
    {
        get
        {
            for (var frame = this; frame is not null; frame = frame.Caller)
            {
                yield return frame;
            }
        }
    }

    /// <summary>Gets the body in which the code stands when lambdas are seen as part of it.</summary>
    public Frame Outermost => Around?.Outermost ?? this;

    /// <summary>The call as a lambda sees it that is made now: with the variables of this round of a loop.</summary>
    public Frame Capture()
    {
        SharesLocals = true;
        return new(this);
    }

    /// <summary>A new variable: each round of a loop has its own.</summary>
    public Cell Declare(ISymbol variable, ITypeSymbol? type) => _variables[variable] = new Cell(null, variable, type);

    public Cell? Find(ISymbol variable, out Frame? owner)
    {
        for (owner = this; owner is not null; owner = owner.Around)
        {
            if (owner._variables.TryGetValue(variable, out var cell))
            {
                return cell;
            }
        }

        return null;
    }
}
