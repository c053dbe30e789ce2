using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A timer that nobody can stop: it runs on for ever, or is collected while it is needed.</summary>
internal sealed class TimerNotKept : Rule
{
    internal const string Id = "SLC5008";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Timer that nobody stops",
        "{0}",
        Family.Tasks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A timer is work that goes on. Somebody keeps it, and disposes it when the work is to end; a System.Threading.Timer that nobody keeps is collected at some time, and stops without a word.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var member in type.Bodies.Where(body => (body.Mentions & Mentions.Spawn) != 0 || InitializesTimer(body)))
        {
            foreach (var body in member.All)
            {
                foreach (var made in body.Operations)
                {
                    if (KindOf(made, type.Known) is var kind and not KnownType.None && Complaint(made, kind, body, type) is { } complaint)
                    {
                        report(Diagnostic.Create(Descriptor, made.Syntax.GetLocation(), complaint));
                    }
                }
            }
        }
    }

    // `Timer _timer = new(…)`: the type stands before the body.
    private static bool InitializesTimer(Body body) => body.Declaration.Parent?.Parent is VariableDeclarationSyntax { Type: var type } && type.ToString().TrimEnd('?').EndsWith("Timer", StringComparison.Ordinal);

    private static KnownType KindOf(IOperation operation, KnownTypes known) => operation switch
    {
        IObjectCreationOperation creation when known[creation.Type] is var kind and (KnownType.ThreadingTimer or KnownType.TimersTimer or KnownType.PeriodicTimer) => kind,
        IInvocationOperation { TargetMethod: { Name: "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject" } method } call
            when known[method.ContainingType] == KnownType.ThreadPool && call.Argument("executeOnlyOnce") is { ConstantValue: { HasValue: true, Value: false } } => KnownType.ThreadPool,
        _ => KnownType.None,
    };

    private static string? Complaint(IOperation made, KnownType kind, Body body, TypeModel type)
    {
        if (made.IsUsingResource())
        {
            return null;
        }

        return Fate.Of(made, body.Places) switch
        {
            { Kind: FateKind.Dropped } => kind switch
            {
                KnownType.ThreadingTimer => "Nobody keeps this timer, so it may be collected at any time and then never fires again: keep it in a field, and dispose it when it is to end",
                KnownType.ThreadPool => "Nobody keeps this registration, so the callback runs for ever: keep it, and call 'Unregister' when it is to end",
                _ => null,
            },
            { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol local } when !IsStoppedOrGivenAway(local, body) => kind switch
            {
                KnownType.ThreadingTimer => $"'{local.Name}' is all that keeps this timer: it may be collected when this code goes on, and nobody disposes it; keep it in a field, or say 'using'",
                KnownType.ThreadPool => $"Nobody calls 'Unregister' on '{local.Name}', so the callback runs for ever",
                _ => $"Nobody disposes '{local.Name}', so the timer goes on when this code is over: say 'using', or keep it where somebody does",
            },
            { Kind: FateKind.Held, Holder: { Symbol: IFieldSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Private } field, Owner.Symbol: null } } when kind != KnownType.ThreadPool && !IsOneShot(made) && !IsStopped(field, type)
                => $"Nobody disposes '{field.Name}', so the timer and '{type.Symbol.Name}', which it calls, live for ever: dispose it when '{type.Symbol.Name}' ends",
            _ => null,
        };
    }

    // `new Timer(callback, state, dueTime, Timeout.Infinite)` fires once, `new Timer(callback)` not before it is told to.
    private static bool IsOneShot(IOperation made) => made is IObjectCreationOperation { Arguments: var arguments }
        && arguments.FirstOrDefault(argument => argument.Parameter?.Name == "period")?.Value.Bare() is { } period
        && (period.ConstantValue is { HasValue: true, Value: -1 or 0 or -1L or 0L } || period is IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Zero" });

    // Any use that may stop it, keep it alive to the end, or hand it on.
    private static bool IsStoppedOrGivenAway(ILocalSymbol timer, Body body) => body.UsesOf(timer).Select(use => use.Use)
        .Any(use => use.Parent switch
        {
            IInvocationOperation { TargetMethod.Name: "Dispose" or "DisposeAsync" or "Close" or "Stop" or "Unregister" } call => call.Instance == use,
            IInvocationOperation or IEventReferenceOperation => false,
            IPropertyReferenceOperation => false,
            ISimpleAssignmentOperation assignment => assignment.Value == use,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => !SymbolEqualityComparer.Default.Equals(declarator.Symbol, timer),
            _ => true,
        });

    private static bool IsStopped(IFieldSymbol timer, TypeModel type)
    {
        if (!type.Symbol.GetTypeMembers().IsEmpty)
        {
            return true; // a nested type may
        }

        // Mentioned in any way but to start it or to set it up: disposed, handed on, compared.
        foreach (var reference in type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations).OfType<IFieldReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Field, timer)))
        {
            switch (reference.Parent)
            {
                case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                case IInvocationOperation { TargetMethod.Name: "Change" or "Start" or "WaitForNextTickAsync" } call when call.Instance == reference:
                case IPropertyReferenceOperation:
                case IEventReferenceOperation:
                    break;
                default:
                    return true;
            }
        }

        return false;
    }
}
