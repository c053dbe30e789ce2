using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>Which members may start work that runs beside them: by names first, and where those say yes by what the code calls. Thread-safe.</summary>
internal sealed class Starters(CompilationModel compilation)
{
    private readonly ConcurrentDictionary<(SyntaxNode Code, bool IsAwaited, int Depth), bool> _known = new();
    private readonly object _gate = new();
    private StarterNames? _names;

    /// <summary>Whether the member may start work, or calls who may.</summary>
    public bool MayStart(Body member, CancellationToken cancellation)
    {
        var names = Names(cancellation);
        return names.MayStart(member.Declaration) && member.Root is { } root && (Starts(root, isAwaited: true, StarterNames.Deepest, names, cancellation)
            || (member.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.BaseType: { } above } && ConstructionStarts(above, StarterNames.Deepest, names, cancellation)));
    }

    private StarterNames Names(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _names ??= new(compilation.Compilation, cancellation);
        }
    }

    private bool Starts(IOperation code, bool isAwaited, int depth, StarterNames names, CancellationToken cancellation) => code.Descendants().Any(operation => operation switch
    {
        IInvocationOperation call => IsStart(call, isAwaited) || Callees(call, cancellation).Any(callee => CalleeStarts(callee, Joins.IsAwaited(call) || (isAwaited && IsReturned(call)), depth, names, cancellation)),
        IObjectCreationOperation { Type: INamedTypeSymbol made } creation => compilation.Known[made] is KnownType.ThreadingTimer || made.Name == "Timer" || MakingStarts(creation, made, depth, names, cancellation),
        IPropertyReferenceOperation { Property.GetMethod: { } getter } => CalleeStarts(getter, isAwaited: false, depth, names, cancellation),
        IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event: var raised } } => Rehearsal.IsRaisedOnPool(raised, compilation.Known),
        IAnonymousFunctionOperation { Symbol.IsAsync: true } lambda => RunsOn(lambda),
        IMethodReferenceOperation { Method.IsAsync: true } reference => RunsOn(reference),
        _ => false,
    });

    private bool IsStart(IInvocationOperation call, bool isAwaited)
    {
        var method = call.TargetMethod;
        return (compilation.Known[method.ContainingType], method.Name) switch
        {
            (KnownType.Task, "Run") or (KnownType.TaskFactory or KnownType.TaskFactoryOfT, "StartNew") or (KnownType.ThreadPool, "QueueUserWorkItem" or "UnsafeQueueUserWorkItem") => true,
            (KnownType.Task or KnownType.TaskOfT, "ContinueWith") or (KnownType.Thread or KnownType.Task or KnownType.TaskOfT, "Start" or "UnsafeStart") => true,
            (KnownType.Parallel or KnownType.ParallelEnumerable, _) => true,
            _ when Rehearsal.MakesTimer(method) => true,
            _ => (method.IsAsync || (method.MethodKind == MethodKind.DelegateInvoke && IsTask(call.Type))) && !Joins.IsAwaited(call) && !(isAwaited && IsReturned(call)),
        };
    }

    private bool IsTask(ITypeSymbol? type) => compilation.Known[type] is KnownType.Task or KnownType.TaskOfT or KnownType.ValueTask or KnownType.ValueTaskOfT;

    // Who called the member has its task.
    private static bool IsReturned(IOperation call)
    {
        var outer = call.Parent;
        while (outer is IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" })
        {
            outer = outer.Parent;
        }

        for (var end = outer as IReturnOperation; outer is not null; outer = outer.Parent)
        {
            if (end is null || outer is IAnonymousFunctionOperation)
            {
                return false;
            }
        }

        return true;
    }

    // Async code that a call of ours waits for, or a library keeps for itself, goes on beside nobody.
    private bool RunsOn(IOperation function)
    {
        var outer = function.Parent;
        while (outer is IConversionOperation or IDelegateCreationOperation or IArgumentOperation)
        {
            outer = outer.Parent;
        }

        return outer is not IInvocationOperation call || (compilation.IsWrittenHere(call.TargetMethod) ? !Joins.IsAwaited(call) : Rehearsal.RunsInPlace(call, compilation.Known));
    }

    private IEnumerable<IMethodSymbol> Callees(IInvocationOperation call, CancellationToken cancellation)
    {
        var method = call.TargetMethod.OriginalDefinition;
        return (method.IsVirtual || method.IsAbstract || method.IsOverride) && compilation.Owns(method) && call.Instance is not { Syntax: BaseExpressionSyntax }
            ? compilation.Overrides.Of(method, call.Instance?.Type, cancellation)
            : [method];
    }

    private bool CalleeStarts(IMethodSymbol callee, bool isAwaited, int depth, StarterNames names, CancellationToken cancellation)
    {
        bool isOver = isAwaited || callee.IsAsync || !IsTask(callee.ReturnType);
        return depth > 0
            && (!isOver || names.IsStarting(callee.AssociatedSymbol?.Name ?? callee.Name))
            && compilation.DeclarationOf(callee.OriginalDefinition, cancellation) is { } declaration
            && DeclarationStarts(declaration, isOver, depth, names, cancellation);
    }

    private bool MakingStarts(IObjectCreationOperation creation, INamedTypeSymbol made, int depth, StarterNames names, CancellationToken cancellation) => creation.Constructor is not null && ConstructionStarts(made, depth, names, cancellation);

    private bool ConstructionStarts(INamedTypeSymbol made, int depth, StarterNames names, CancellationToken cancellation) => depth > 0 && compilation.Owns(made)
        && ((names.IsStarting(made.Name) && made.DeclaringSyntaxReferences.SelectMany(part => MemberBodies.In(part.GetSyntax(cancellation))).Any(body =>
                body is EqualsValueClauseSyntax or ConstructorDeclarationSyntax && DeclarationStarts(body, isAwaited: true, depth, names, cancellation)))
            || (made.BaseType is { } above && ConstructionStarts(above, depth - 1, names, cancellation)));

    private bool DeclarationStarts(SyntaxNode declaration, bool isAwaited, int depth, StarterNames names, CancellationToken cancellation)
    {
        return _known.GetOrAdd((declaration, isAwaited, depth), _ =>
            (!isAwaited || names.MayStart(declaration)) && compilation.SemanticModel(declaration.SyntaxTree).GetOperation(declaration, cancellation) is { } code && Starts(code, isAwaited, depth - 1, names, cancellation));
    }
}
