using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing;

/// <summary>What sort of variable a race is about: each is another rule's business.</summary>
internal enum RaceKind
{
    /// <summary>A captured local, or a field.</summary>
    Variable,

    /// <summary>The variable of a `for` loop, stepped by the loop.</summary>
    LoopVariable,

    /// <summary>The content of a collection.</summary>
    Collection,

    Static,

    /// <summary>A part of an object that was handed over before.</summary>
    HandedOver,

    /// <summary>A value that is not written in one step.</summary>
    Torn,
}

/// <summary>Two accesses to one variable, one of them a write, that nothing keeps apart and nothing puts in order.</summary>
/// <param name="Write">The write.</param>
/// <param name="Other">The other access.</param>
/// <param name="At">Where the type that starts the work leads to the race: the access itself when it stands there.</param>
/// <param name="WasSent">Whether the object was handed over before.</param>
/// <param name="IsOfStatic">Whether it is about what a static field holds, and whoever calls the members of the type.</param>
internal sealed record Race(Access Write, Access Other, SyntaxNode At, bool WasSent, bool IsOfStatic = false)
{
    private const Mentions Concurrent = Mentions.Lock | Mentions.Atomic | Mentions.Spawn | Mentions.AsyncCode | Mentions.Channel | Mentions.Completion | Mentions.ConcurrentCollection | Mentions.ThreadOwn;

    public RaceKind Kind => Write.Cell switch
    {
        _ when IsOfStatic => RaceKind.Static,
        { Symbol.IsStatic: true } => RaceKind.Static,
        { Owner: not null } when WasSent => RaceKind.HandedOver,
        { Symbol: null, Owner.Type: not IArrayTypeSymbol } => RaceKind.Collection,
        _ when IsTorn(Write) => RaceKind.Torn,
        { Symbol: ILocalSymbol } when IsStep(Write.Syntax) => RaceKind.LoopVariable,
        _ => RaceKind.Variable,
    };

    /// <summary>Gets the name of the variable.</summary>
    public string Name => Write.Cell.Symbol?.Name ?? (Write.Syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
        ElementAccessExpressionSyntax element => element.Expression,
        MemberAccessExpressionSyntax property => property.Expression,
        var other => other,
    }).ToString();

    /// <summary>Gets a value indicating whether it is the code at <see cref="At"/> that meets itself.</summary>
    public bool IsWithItself => Write.Syntax == Other.Syntax && Write.Syntax == At;

    /// <summary>The races of one sort in <paramref name="type"/>.</summary>
    public static IEnumerable<Race> Of(RaceKind kind, TypeModel type) => type.Races.Where(race => race.Kind == kind);

    /// <summary>The race for a message with the name of the variable and what becomes of it.</summary>
    public Diagnostic As(DiagnosticDescriptor descriptor, ImmutableDictionary<string, string?>? properties = null, string? advice = null)
    {
        bool isContent = Write.Cell.Symbol is null;
        string verb = isContent ? "changed" : "written";
        string story = Write.Syntax == Other.Syntax
            ? $"{verb} {LineOf(Write)} by work of which several run at the same time"
            : $"{verb} {LineOf(Write)} while work that runs at the same time {(Other.IsWrite ? isContent ? "changes" : "writes" : isContent ? "uses" : "reads")} it {LineOf(Other)}";
        return Diagnostic.Create(descriptor, Place(At), new[] { Write.Syntax.GetLocation(), Other.Syntax.GetLocation() }, properties, Name, story, advice);
    }

    // The step of a chain of calls over several lines, and not the chain.
    private static Location Place(SyntaxNode at) => at is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var step } } call && step.Line() != call.Line()
        ? Location.Create(call.SyntaxTree, TextSpan.FromBounds(step.SpanStart, call.Span.End)) : at.GetLocation();

    /// <summary>The races in the work that <paramref name="type"/> starts, one for each place.</summary>
    public static ImmutableArray<Race> In(TypeModel type)
    {
        var found = new List<Race>();
        var starts = new List<(Body Body, Rehearsal Rehearsal)>();
        foreach (var body in type.Bodies.Where(body => type.Compilation.Starters.MayStart(body, type.Cancellation)))
        {
            if (body.Rehearsal is { IsOver: false, Strands.Count: > 0 } rehearsal)
            {
                found.AddRange(In(rehearsal, type));
                starts.Add((body, rehearsal));
            }
        }

        found.AddRange(OpenRaces.In(type, starts));

        // What another type does to itself is told once, not at each place that makes one.
        // Of a static variable that many meet, one place tells what is to be done.
        return found.GroupBy(race => race.IsOfStatic ? (object)race.Name : race.At).Select(group => group.First()).GroupBy(race => type.Contains(race.Write.Syntax) || type.Contains(race.Other.Syntax) ? (race.At, race.At) : (race.Write.Syntax, race.Other.Syntax)).Select(group => group.First()).OrderBy(race => race.At.SpanStart).ToImmutableArray();
    }

    /// <summary>Whether the write replaces a value of several words.</summary>
    internal static bool IsTorn(Access write) => write.Cell.Symbol is { } variable && IsReplaced(write.Syntax) && IsWide(variable);

    /// <summary>Whether the variable holds a value of several words.</summary>
    internal static bool IsWide(ISymbol variable) => IsWide(TypeOf(variable));

    private static ITypeSymbol? TypeOf(ISymbol variable) => variable switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    private static bool IsReplaced(SyntaxNode write) => write.Ancestors().TakeWhile(node => node is ExpressionSyntax).Any(node => node is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression });

    // More than a word: decimal, Guid, nullable, tuples, structs of several fields.
    private static bool IsWide(ITypeSymbol? type) => type is INamedTypeSymbol { IsValueType: true, TypeKind: TypeKind.Struct } named && (named.SpecialType == SpecialType.System_Decimal
        || (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && named.TypeArguments[0].TypeKind != TypeKind.Error)
        || named.IsTupleType
        || named.Name is "Guid" or "DateTimeOffset" or "Memory" or "ReadOnlyMemory" or "ArraySegment" or "Int128" or "UInt128"
        || (!named.DeclaringSyntaxReferences.IsEmpty && named.GetMembers().Count(member => member is IFieldSymbol { IsStatic: false }) > 1));

    private static bool IsStep(SyntaxNode write) => write.Ancestors().OfType<ForStatementSyntax>().Any(loop => loop.Incrementors.Any(step => step.Span.Contains(write.Span)));

    private string LineOf(Access access) => access.Syntax.SyntaxTree == At.SyntaxTree ? $"at line {access.Line}" : $"at line {access.Line} of {access.Syntax.GetLocation().GetLineSpan().Path.Split('/', '\\').Last()}";

    private static IEnumerable<Race> In(Rehearsal rehearsal, TypeModel type)
    {
        var confined = new Confined();
        var meetings = new Meetings(type);
        var variables = rehearsal.Accesses.GroupBy(access => access.Cell).Select(group => (Accesses: group, Order: rehearsal.HappensBefore));
        var firstUses = rehearsal.FirstUses.Where(IsOfState).GroupBy(access => access.Cell).Select(group => (Accesses: group, Order: rehearsal.ForcedOrder));
        foreach (var (group, order) in variables.Concat(firstUses).Where(variable => variable.Accesses.Any(access => access.IsWrite)))
        {
            (Race Race, int Rank)? best = null;
            var accesses = group.ToList();
            foreach (var write in accesses.Where(access => access.IsWrite))
            {
                foreach (var other in accesses.Where(access => access.At.Strand != write.At.Strand && !AreHarmless(write, access, accesses) && !order.AreOrdered(write.At, access.At)))
                {
                    if (!confined.Holds(write) && !confined.Holds(other) && !meetings.AreToldElsewhere(write, other) && PlaceIn(write, other, rehearsal, type) is { } race && (best is null || race.Rank > best.Value.Rank))
                    {
                        best = race;
                    }
                }
            }

            if (best is not null)
            {
                yield return best.Value.Race;
            }
        }
    }

    // A plain read of what is changed atomically is another rule's business.
    // Who comes second writes what is there: `failed = true`.
    private static bool AreHarmless(Access write, Access other, List<Access> accesses) => (write.IsAtomic && (other.IsAtomic || !other.IsWrite))
        || (write.IsElement && other.IsElement)
        || (write.Constant() is { } value && other.Constant() == value)
        || (IsCaught(write) && IsCaught(other))
        || write.SharesLockWith(other)
        || write.Excludes(other)
        || IsAskedAgain(other, write, accesses)
        || IsDecidedUnderLock(other, write, accesses)
        || IsStopFlag(other, write);

    // `_registry ??= new()`: what one puts into the object that it made is lost when another one's takes its place.
    private static bool IsOfState(Access firstUse) => firstUse.Cell.Values.Any(made => made is { Maker: not null, Type: INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } type }
        && type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && (!field.IsReadOnly || Collections.IsUnsafe(field.Type) || field.Type.ContainingNamespace?.Name == "Concurrent")));

    // `if (_x == null) return; lock (_gate) { if (_x == null) … }`: what it says without the lock is only a hint.
    private static bool IsAskedAgain(Access read, Access write, List<Access> accesses) => !read.IsWrite
        && read.Syntax.IsTested()
        && accesses.Any(again => again.Frame == read.Frame && again.At.Strand == read.At.Strand && again.At.Step > read.At.Step && again.SharesLockWith(write) && !again.Excludes(read));

    // `lock (_gate) { last = ++_done == _all; } if (last) { … _done … }`: who comes last is alone with it.
    private static bool IsDecidedUnderLock(Access read, Access write, List<Access> accesses) => !read.IsWrite
        && accesses.Any(before => before.Frame == read.Frame && before.At.Strand == read.At.Strand && before.At.Step < read.At.Step && before.SharesLockWith(write)
            && DecidedBy(before.Syntax) is { } local && read.Syntax.Ancestors().OfType<IfStatementSyntax>().Any(choice => choice.Condition.DescendantNodesAndSelf().Any(part => part is IdentifierNameSyntax name && name.Identifier.ValueText == local)));

    // `while (!_stop) { Thread.Sleep(10); }`, and elsewhere `_stop = true`: who has slept looks anew. A local that is captured wants a token all the same.
    private static bool IsStopFlag(Access read, Access write) => !read.IsWrite && read.Cell.Symbol is IFieldSymbol && write.Constant() is "true" or "false"
        && read.Syntax.FirstAncestorOrSelf<WhileStatementSyntax>() is { } loop && loop.Condition.Span.Contains(read.Syntax.Span)
        && loop.Statement.DescendantNodes().Any(node => node is AwaitExpressionSyntax || (node is SimpleNameSyntax { Identifier.ValueText: "Sleep" or "Wait" or "WaitOne" or "Join" or "Yield" or "SpinOnce" } name && name.Parent?.Parent is InvocationExpressionSyntax));

    // `catch (Exception e) { failure = e; }` in each: any of them will do.
    private static bool IsCaught(Access write) => write.IsWrite && write.Syntax.Parent is AssignmentExpressionSyntax { Right: IdentifierNameSyntax { Identifier.ValueText: var value } }
        && write.Syntax.FirstAncestorOrSelf<CatchClauseSyntax>() is { Declaration.Identifier.ValueText: var caught } && caught == value;

    private static string? DecidedBy(SyntaxNode access) => access.Ancestors().FirstOrDefault(node => node is AssignmentExpressionSyntax or VariableDeclaratorSyntax or StatementSyntax) switch
    {
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax local } => local.Identifier.ValueText,
        VariableDeclaratorSyntax local => local.Identifier.ValueText,
        _ => null,
    };

    // The write itself, the other access, or, where they stand in another file, the way from the work that the type starts to one of them.
    private static (Race Race, int Rank)? PlaceIn(Access write, Access other, Rehearsal rehearsal, TypeModel type)
    {
        bool wasSent = write.Cell.Owner is { } owner && rehearsal.WasSent(owner);
        (Race Race, int Rank)? best = null;
        foreach (var access in new[] { write, other })
        {
            if (StopsOf(access).FirstOrDefault(stop => type.Contains(stop) || (stop == access.Syntax && type.Trees.Contains(stop.SyntaxTree) && !IsOfPlainObject(access, type))) is not { } at)
            {
                continue;
            }

            int rank = (at == access.Syntax && type.Contains(at) ? 32 : at == access.Syntax || IsOfPlainObject(access, type) ? 16 : 0) + (IsBare(access, write, other) ? 8 : 0) + (access.At.Strand.Start is not { } start || type.Contains(start) ? 4 : 0) + (access == write ? 2 : 0) + (access.At.Strand.Parent is not null ? 1 : 0);
            if (best is null || rank > best.Value.Rank)
            {
                best = (new(write, other, at, wasSent), rank);
            }
        }

        return best;
    }

    // An order with its lines, a buffer: nothing in it says that it may be shared, and it is shared where it is used. Behind an interface or a delegate the caller knows nothing of it.
    private static bool IsOfPlainObject(Access access, TypeModel type) => access.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } owner
        && owner.BaseList is null && !type.Contains(access.Syntax) && access.Cell.Symbol is null
        && (SourceFile.Of(owner.SyntaxTree).Mentions(type.Cancellation).In(owner.Span) & Concurrent) == 0
        && access.Frame.Chain.TakeWhile(frame => frame.Site is not null && !type.Contains(frame.Declaration)).All(frame => frame.Site is InvocationExpressionSyntax call && frame.Declaration is MethodDeclarationSyntax method && !method.Modifiers.Any(SyntaxKind.StaticKeyword) && NameOf(call) == method.Identifier.ValueText);

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } => name,
        SimpleNameSyntax { Identifier.ValueText: var name } => name,
        MemberBindingExpressionSyntax { Name.Identifier.ValueText: var name } => name,
        _ => null,
    };

    // Where the lock is forgotten that the other access holds.
    private static bool IsBare(Access access, Access write, Access other) => access.Locks.IsEmpty && !(access == write ? other : write).Locks.IsEmpty;

    private static IEnumerable<SyntaxNode> StopsOf(Access access) => access.Frame.Chain.Select(frame => frame.Site).OfType<SyntaxNode>().Prepend(access.Syntax);
}
