using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>Code that the type does not know runs while it holds a lock.</summary>
internal sealed class UnknownCodeUnderLock : Rule
{
    internal const string Id = "SLC4008";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Unknown code called under a lock",
        "'{0}' runs code that is not known here while '{1}' is held: it may be slow, ask for another lock or come back; call it when the lock is released",
        Family.Deadlocks,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A delegate, an event handler or a callback may do anything: take a lock in another order, wait for a thread that wants this one, or call back into the type, whose invariants do not hold now. Copy what it needs, release the lock, and call it then.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var member in type.Bodies.Where(body => (body.Mentions & Mentions.Lock) != 0))
        {
            var held = type.Compilation.Locks.TracesOf(member.Declaration, type.Cancellation)
                .SelectMany(trace => trace.Steps.OfType<CallStep>().Where(step => !step.Beside && !step.State.Held.IsEmpty).Select(step => (step, trace)))
                .GroupBy(pair => pair.step.Syntax)
                .ToDictionary(group => group.Key, group => group.First());
            foreach (var (step, trace) in held.Values.OrderBy(pair => pair.step.Syntax.SpanStart))
            {
                // A semaphore that lets several in is a limit, no lock.
                if (NameOf(step, trace, type, depth: 3) is { } name && step.State.Held.LastOrDefault(one => type.Compilation.Locks.IsExclusive(one.Lock, one.Kind, type.Cancellation)) is { } inside)
                {
                    report(Diagnostic.Create(Descriptor, LockSpan.Of(step.Syntax), [LockSpan.Of(inside.At)], name, inside.Lock.Name));
                }
            }

            // Cancel runs what others have registered, before it returns; so does whoever tells an observer.
            foreach (var (cancel, lockedAt) in CancelsIn(member))
            {
                report(Diagnostic.Create(Descriptor, cancel.Syntax.GetLocation(), [LockSpan.Of(lockedAt.Syntax)], cancel.InOneLine(), lockedAt.LockedValue.Syntax.ToString()));
            }
        }
    }

    // What the step calls when that is open to others, itself or through a method of the type: `OnChanged();`.
    private static string? NameOf(CallStep step, LockTrace trace, TypeModel type, int depth)
    {
        if (step.Callee.Variable is { } variable)
        {
            return IsOpen(variable) ? variable.Name : null;
        }

        return depth > 0 && step.Callee.Method is { MethodKind: MethodKind.Ordinary } method && SymbolEqualityComparer.Default.Equals(method.ContainingType, type.Symbol.OriginalDefinition)
            && type.Compilation.Locks.TargetsOf(step, trace, type.Cancellation).Any(target => target.Trace.Symbol is IMethodSymbol { Parameters: var parameters } && target.Trace.Steps.Any(inner => inner is CallStep { Beside: false } call && call.State.Released.IsEmpty && !parameters.Contains(call.Callee.Variable, SymbolEqualityComparer.Default) && NameOf(call, target.Trace, type, depth - 1) is not null))
            ? method.Name
            : null;
    }

    // Others may put into it what they like: an event, a public member, the parameter of a method that others call.
    private static bool IsOpen(ISymbol variable) => variable switch
    {
        IParameterSymbol { ContainingSymbol: IMethodSymbol method } => IsSeen(method) && (method.MethodKind != MethodKind.Constructor || IsSeen(method.ContainingType)),
        IEventSymbol declared => IsSeen(declared),
        IPropertySymbol property => IsSeen(property),
        IFieldSymbol { AssociatedSymbol: { } declared } => IsSeen(declared),
        IFieldSymbol field => IsSeen(field) || IsPassedIn(field) || IsFilledFromOutside(field.Type, field.ContainingType),
        ILocalSymbol { ContainingType: { } owner } local => IsFilledFromOutside(local.Type, owner),
        _ => false,
    };

    private static bool IsSeen(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal or Accessibility.Internal;

    // A private field that a constructor gets from outside: it has the name and the type of one of its parameters.
    private static bool IsPassedIn(IFieldSymbol field) => field.ContainingType.InstanceConstructors.Where(IsSeen).SelectMany(constructor => constructor.Parameters)
        .Any(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, field.Type) && string.Equals(parameter.Name, field.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase));

    // A list of delegates, and a method of the type that others call takes such a delegate.
    private static bool IsFilledFromOutside(ITypeSymbol collection, INamedTypeSymbol owner) => collection is INamedTypeSymbol { TypeArguments: [{ TypeKind: TypeKind.Delegate } handler] }
        && owner.GetMembers().OfType<IMethodSymbol>().Where(IsSeen).SelectMany(method => method.Parameters).Any(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, handler));

    private static IEnumerable<(IInvocationOperation Cancel, ILockOperation Lock)> CancelsIn(Body member)
    {
        foreach (var call in member.All.SelectMany(body => body.Operations).OfType<IInvocationOperation>().Where(call => call.TargetMethod is { Name: "Cancel", ContainingType.Name: "CancellationTokenSource" } or { Name: "OnNext" or "OnError" or "OnCompleted", ContainingType: { Name: "IObserver", ContainingNamespace.Name: "System" } }))
        {
            IOperation? outer = call;
            while (outer is not (null or ILockOperation or IAnonymousFunctionOperation or ILocalFunctionOperation))
            {
                outer = outer.Parent;
            }

            if (outer is ILockOperation region)
            {
                yield return (call, region);
            }
        }
    }
}
