using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>Who sends an object gives it away: the receiver may use it already.</summary>
internal sealed class GivenAway : Rule
{
    internal const string Id = "SLC3008";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Object is changed after it was handed over",
        "'{0}' {1}: whoever received it may be using it at this moment. Change it before it is sent, send a copy, or go on with a new one.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "What goes through a channel, a queue or into a task belongs to the other side from then on. A change after that meets the receiver in the middle of its work; a buffer that is filled again overwrites what was not read yet.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel | Mentions.Spawn | Mentions.ConcurrentCollection;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var body in (type.Mentions & Mentions.ConcurrentCollection) != 0 ? type.Bodies.SelectMany(body => body.All) : type.BodiesThatMention(Mentions.Channel))
        {
            foreach (var (send, local) in body.Operations.OfType<IInvocationOperation>().Select(call => (call, SentBy(call, type))).Where(pair => pair.Item2 is not null))
            {
                if (ChangeAfter(send, local!, body) is { } change && !IsGuarded(change, send, body) && reported.Add(change.Syntax))
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        change.Syntax.GetLocation(),
                        new[] { send.Syntax.GetLocation() },
                        local!.Name,
                        $"was handed over by '{send.TargetMethod.Name}' at line {send.Syntax.Line()} and is changed here"));
                }
            }
        }

        foreach (var race in Race.Of(RaceKind.HandedOver, type).Where(race => reported.All(node => !node.Span.Contains(race.At.Span) && !race.At.Span.Contains(node.Span))))
        {
            report(race.As(Descriptor));
        }
    }

    // `writer.WriteAsync(order)`, `queue.Enqueue(order)`, `blocking.Add(order)`: of reference types, sent as they are.
    private static ISymbol? SentBy(IInvocationOperation call, TypeModel type)
    {
        bool isSend = (type.Known[call.TargetMethod.ContainingType], call.TargetMethod.Name) is (KnownType.ChannelWriter or KnownType.Chan, "WriteAsync" or "TryWrite" or "SendAsync" or "TrySend")
            || (call.TargetMethod.ContainingType is { Name: "ConcurrentQueue" or "BlockingCollection" or "ConcurrentBag" or "ConcurrentStack" } && call.TargetMethod.Name is "Add" or "Enqueue" or "Push" or "TryAdd");
        return isSend && call.Arguments.Length > 0 && Whole(call.Arguments[0].Value) is { Type: { IsReferenceType: true, SpecialType: not SpecialType.System_String } } value ? Variable(value) : null;
    }

    private static ISymbol? Variable(IOperation? value) => value switch
    {
        ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
        _ => null,
    };

    private static bool Is(IOperation? value, ISymbol variable) => Variable(value) is { } named && SymbolEqualityComparer.Default.Equals(named, variable);

    // Both sides keep to one lock.
    private static bool IsGuarded(IOperation change, IInvocationOperation send, Body body) => change.IsUnderLock() || body.Operations.OfType<IInvocationOperation>()
        .Any(wait => wait.TargetMethod.Name is "Wait" or "WaitAsync" or "WaitOne" or "Enter" && wait.Syntax.SpanStart > send.Syntax.SpanStart && wait.Syntax.SpanStart < change.Syntax.SpanStart);

    // `buffer.AsMemory(0, n)` is the buffer.
    private static IOperation Whole(IOperation value)
    {
        var bare = value.Bare();
        return bare is IInvocationOperation { TargetMethod.Name: "AsMemory" or "AsReadOnlyMemory" or "AsSpan" } view && view.Receiver() is { } owner ? owner.Bare() : bare;
    }

    private static IOperation? ChangeAfter(IInvocationOperation send, ISymbol local, Body body)
    {
        if (body.Flow is null || body.Paths is not { } paths)
        {
            return null;
        }

        foreach (var start in paths.NodesOf(send))
        {
            if (paths.Find(start, node => node.Operation is { } operation && Changes(operation, local), node => node.Operation is { } operation && Renews(operation, local)) is { } way)
            {
                return body.Operations.FirstOrDefault(operation => operation.Syntax == way.Node.Operation!.Syntax) ?? way.Node.Operation;
            }
        }

        return null;
    }

    private static bool Changes(IOperation operation, ISymbol local) => operation switch
    {
        IAssignmentOperation assignment => IsPart(assignment.Target, local),
        IIncrementOrDecrementOperation step => IsPart(step.Target, local),
        IInvocationOperation call when call.Instance is { } instance && Collections.IsUnsafe(instance.Type) && Collections.IsChange(call.TargetMethod.Name) => IsOrIsPart(instance, local),
        IInvocationOperation { TargetMethod.Name: "Read" or "ReadAsync" or "ReadExactly" or "ReadExactlyAsync" or "Clear" or "Fill" or "Return" or "NextBytes" or "Receive" or "ReceiveAsync" } call when call.Arguments.Any(argument => Whole(argument.Value) is { Type.TypeKind: TypeKind.Array } buffer && Is(buffer, local)) => true,
        _ => false,
    };

    private static bool IsPart(IOperation target, ISymbol local) => target.Bare() switch
    {
        IFieldReferenceOperation { Instance: { } owner } => IsOrIsPart(owner, local),
        IPropertyReferenceOperation { Instance: { } owner } => IsOrIsPart(owner, local),
        IArrayElementReferenceOperation element => IsOrIsPart(element.ArrayReference, local),
        _ => false,
    };

    private static bool IsOrIsPart(IOperation operation, ISymbol local) =>
        Is(operation.Bare(), local) || IsPart(operation, local);

    // From here on the local holds another object.
    private static bool Renews(IOperation operation, ISymbol local) => operation is IVariableDeclaratorOperation declarator
        ? SymbolEqualityComparer.Default.Equals(declarator.Symbol, local)
        : (operation is IInvocationOperation call && call.Arguments.Any(argument => argument.Parameter?.RefKind == RefKind.Out && argument.Value.DescendantsAndSelf().Any(part => Is(part, local))))
        || Locals.WritesOf(operation).Any(write => Is(write.Target, local));
}
