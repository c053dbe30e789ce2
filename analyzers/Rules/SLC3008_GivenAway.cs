using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
            foreach (var (send, local) in body.Operations.OfType<IInvocationOperation>().SelectMany(call => SentBy(call, body, type).Select(variable => (call, variable))))
            {
                if (ChangeAfter(send, local, body) is { } change && !IsGuarded(change, send, body) && reported.Add(change.Syntax))
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        change.Syntax.GetLocation(),
                        new[] { send.Syntax.GetLocation() },
                        local.Name,
                        $"was handed over by '{send.TargetMethod.Name}' at line {send.Syntax.Line()} and is changed here"));
                }
            }
        }

        foreach (var race in Race.Of(RaceKind.HandedOver, type).Where(race => reported.All(node => !node.Span.Contains(race.At.Span) && !race.At.Span.Contains(node.Span))))
        {
            report(race.As(Descriptor));
        }
    }

    // `writer.WriteAsync(order)`, `queue.Enqueue(order)`, `blocking.Add(order)`: of reference types, sent as they are; and the arrays, memories and plain collections that go along in what is sent.
    private static IEnumerable<ISymbol> SentBy(IInvocationOperation call, Body body, TypeModel type)
    {
        bool isSend = (type.Known[call.TargetMethod.ContainingType], call.TargetMethod.Name) is (KnownType.ChannelWriter or KnownType.Chan, "WriteAsync" or "TryWrite" or "SendAsync" or "TrySend")
            || (call.TargetMethod.ContainingType is { Name: "ConcurrentQueue" or "BlockingCollection" or "ConcurrentBag" or "ConcurrentStack" } && call.TargetMethod.Name is "Add" or "Enqueue" or "Push" or "TryAdd");
        if (!isSend || call.Arguments.Length == 0)
        {
            return [];
        }

        var value = call.Arguments[0].Value;
        var along = Wrapped.In(value, body).Select(Whole).Where(part => IsRaw(part.Type)).Select(Variable).OfType<ISymbol>();
        return Whole(value) is { Type: { IsReferenceType: true, SpecialType: not SpecialType.System_String } } whole && Variable(whole) is { } variable && (variable is not IFieldSymbol field || IsRaw(field.Type))
            ? along.Prepend(variable)
            : along;
    }

    private static bool IsRaw(ITypeSymbol? type) => type is IArrayTypeSymbol || Collections.IsUnsafe(type);

    private static ISymbol? Variable(IOperation? value) => value switch
    {
        ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation, Field: var field } => field,
        _ => null,
    };

    private static bool Is(IOperation? value, ISymbol variable) => Variable(value) is { } named && SymbolEqualityComparer.Default.Equals(named, variable);

    // Both sides keep to one lock.
    private static bool IsGuarded(IOperation change, IInvocationOperation send, Body body) => change.IsUnderLock() || body.Operations.OfType<IInvocationOperation>()
        .Any(wait => wait.TargetMethod.Name is "Wait" or "WaitAsync" or "WaitOne" or "Enter" && wait.Syntax.SpanStart > send.Syntax.SpanStart && wait.Syntax.SpanStart < change.Syntax.SpanStart);

    // What is waited for may be that the receiver is done.
    private static bool IsAnswer(IOperation operation) => operation is IInvocationOperation { TargetMethod.Name: "Wait" or "WaitAsync" or "WaitOne" or "WaitToReadAsync" or "Join" } or IPropertyReferenceOperation { Property.Name: "Task" or "Completion" }
        || (operation is IInvocationOperation { TargetMethod: { Name: "ReadAsync" or "ReceiveAsync", ContainingType.ContainingNamespace: var space } } && space.ToDisplayString() == "System.Threading.Channels");

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
            if (paths.Find(start, node => node.Operation is { } operation && Changes(operation, local), node => node.Operation is { } operation && (Renews(operation, local) || IsAnswer(operation))) is { } way)
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
        : (operation is IInvocationOperation call && call.Arguments.Any(argument => argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref && argument.Value.DescendantsAndSelf().Any(part => Is(part, local))))
        || Locals.WritesOf(operation).Any(write => Is(write.Target, local))
        || (local is IFieldSymbol && operation is IInvocationOperation { Instance: IInstanceReferenceOperation, TargetMethod: var method } && Assigns(method, local.Name));

    // `Swap();`, which puts a new buffer into the field.
    private static bool Assigns(IMethodSymbol method, string field) => method.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax().DescendantNodes().Any(node => node switch
    {
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } => name.Identifier.ValueText == field,
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } } => name.Identifier.ValueText == field,
        ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: IdentifierNameSyntax name } => name.Identifier.ValueText == field,
        _ => false,
    }));
}
