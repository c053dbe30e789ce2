using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model.Locking;

/// <summary>
/// Which bodies can hold which lock, judged by their words and by the methods that leave a lock taken for their caller. A method is bound when its
/// words say that it may be one of those, and when somebody asks who calls it.
/// </summary>
internal sealed class LockHolders
{
    private readonly LockModel _model;
    private readonly LockBodies _bodies;
    private readonly Dictionary<int, List<LockBody>> _takers;

    public LockHolders(LockModel model, LockBodies bodies)
    {
        (_model, _bodies, _takers) = (model, bodies, []);

        // Who may be a taker by its words, and who names one of those, and so on.
        var open = bodies.All.Where(body => body.MayHandOn && !body.MayTake).ToList();
        var found = bodies.All.Where(body => body.MayTake).ToList();
        while (found.Count > 0)
        {
            foreach (var taker in found)
            {
                int name = Word.HashOf(((MethodDeclarationSyntax)taker.Declaration).Identifier.ValueText);
                if (!_takers.TryGetValue(name, out var list))
                {
                    _takers[name] = list = [];
                }

                list.Add(taker);
            }

            var next = open.ToLookup(body => body.Words.Any(_takers.ContainsKey));
            (found, open) = (next[true].ToList(), next[false].ToList());
        }
    }

    /// <summary>Whether the member names a method that leaves a lock taken for its caller, locks what it is given, or runs it under a lock.</summary>
    public bool CallsTaker(SyntaxNode member, CancellationToken cancellation) => _bodies.Of(member) is { } caller
        && caller.Words.Any(word => _takers.TryGetValue(word, out var takers) && takers.Exists(taker => TakersIn(taker, cancellation).Any()));

    /// <summary>The members that can hold a lock of the class, in the order of the compilation.</summary>
    public IEnumerable<SyntaxNode> Of(ISymbol lockClass, IEnumerable<ISymbol> otherNames, CancellationToken cancellation)
    {
        // What a field holds is locked by who names the field, or is given it by one who does.
        var named = otherNames.Append(lockClass).SelectMany(Naming).ToList();
        var open = new Queue<LockBody>((lockClass is IFieldSymbol or IPropertySymbol ? named : named.Concat(_bodies.All.Where(body => body.LocksArgument))).Where(body => body.MayTake));
        var asked = new HashSet<LockBody>(open);
        var holders = named;
        while (open.Count > 0)
        {
            foreach (var taker in TakersIn(open.Dequeue(), cancellation))
            {
                var callers = _bodies.Naming(taker.Symbol!).ToList();
                if (LocksParameter(taker) || RunsParameter(taker) || taker.End?.Held.Any(held => SymbolEqualityComparer.Default.Equals(held.Lock.Class, lockClass)) == true)
                {
                    holders.AddRange(callers);
                }

                foreach (var caller in callers.Where(body => body.MayHandOn && asked.Add(body)))
                {
                    open.Enqueue(caller);
                }
            }
        }

        return _bodies.InOrder(holders);
    }

    private IEnumerable<LockTrace> TakersIn(LockBody body, CancellationToken cancellation) => _model.TracesOf(body.Declaration, cancellation).Where(IsTaker);

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
