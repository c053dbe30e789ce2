using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Locking;

/// <summary>Which bodies can hold which lock, judged by their words and by the methods that leave a lock taken for their caller.</summary>
internal sealed class LockHolders
{
    private readonly LockBodies _bodies;
    private readonly List<LockTrace> _takers;
    private readonly HashSet<SyntaxNode> _callers;

    private LockHolders(LockBodies bodies, List<LockTrace> takers)
    {
        _bodies = bodies;
        _takers = takers;
        _callers = new(takers.SelectMany(taker => bodies.Naming(taker.Symbol!.Name)).Select(body => body.Declaration));
    }

    public static LockHolders Of(LockModel model, LockBodies bodies, CancellationToken cancellation)
    {
        var takers = new List<LockTrace>();
        var open = new Queue<LockBody>(bodies.All.Where(body => body.MayTake));
        var asked = new HashSet<LockBody>(open);
        while (open.Count > 0)
        {
            foreach (var taker in model.TracesOf(open.Dequeue().Declaration, cancellation).Where(IsTaker))
            {
                takers.Add(taker);
                foreach (var caller in bodies.Naming(taker.Symbol!.Name).Where(body => body.Declaration is MethodDeclarationSyntax && (body.PassesCode || (body.MentionsLock && !body.GivesBack)) && asked.Add(body)))
                {
                    open.Enqueue(caller);
                }
            }
        }

        return new(bodies, takers);
    }

    /// <summary>Whether the member names a method that leaves a lock taken for its caller, or locks what it is given.</summary>
    public bool CallsTaker(SyntaxNode member) => _callers.Contains(member);

    /// <summary>The members that can hold a lock of the class, in the order of the compilation.</summary>
    public IEnumerable<SyntaxNode> Of(ISymbol lockClass, IEnumerable<ISymbol> otherNames) => otherNames.SelectMany(Naming).Concat(Naming(lockClass))
        .Concat(_takers.Where(taker => LocksParameter(taker) || RunsParameter(taker) || taker.End?.Held.Any(held => SymbolEqualityComparer.Default.Equals(held.Lock.Class, lockClass)) == true).SelectMany(taker => _bodies.Naming(taker.Symbol!.Name)))
        .Distinct()
        .OrderBy(body => body.Index)
        .Select(body => body.Declaration);

    private IEnumerable<LockBody> Naming(ISymbol lockClass) => lockClass switch
    {
        IArrayTypeSymbol { ElementType: var type } => _bodies.Naming(type.Name).Concat(_bodies.BodiesIn((INamedTypeSymbol)type)).Where(body => body.MentionsLock),

        // `lock (this)`, and the locals and parameters of the type.
        INamedTypeSymbol type => _bodies.BodiesIn(type).Concat(_bodies.Naming(type.Name)).Concat(_bodies.All.Where(body => body.LocksVariable)).Where(body => body.MentionsLock),
        IAssemblySymbol => _bodies.All.Where(body => body.MentionsLock),
        IFieldSymbol { ContainingType: { } type } => type.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsIndexer).Where(property => Gives(property, lockClass.Name)).SelectMany(_bodies.Naming).Concat(_bodies.Naming(lockClass)),
        _ => _bodies.Naming(lockClass),
    };

    // `Gate => _gate`.
    private static bool Gives(IPropertySymbol property, string field) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: IdentifierNameSyntax name } && string.Equals(name.Identifier.ValueText, field, StringComparison.Ordinal);

    private static bool IsTaker(LockTrace trace) => trace.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } && (trace.End is { Held.IsEmpty: false } || LocksParameter(trace) || RunsParameter(trace));

    private static bool LocksParameter(LockTrace trace) => trace.Steps.Any(step => step is AcquireStep { Taken.Lock.IsParameter: true });

    // Code that it is given runs under its lock, or is passed on to where it does.
    private static bool RunsParameter(LockTrace trace) => trace.Steps.Any(step => step is CallStep call && ((call.Callee.IsParameter && !call.State.Held.IsEmpty) || call.Callee.Delegates.Any(passed => passed.Code.IsParameter)));
}
