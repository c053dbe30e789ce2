using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Files;

namespace Sluice.Model;

/// <summary>`_idle.Dispose(); await _reading;`: a field is disposed, and only then the member waits for the work of its type that still uses it.</summary>
/// <param name="Disposal">What disposes the field.</param>
/// <param name="Resource">The name of the field.</param>
/// <param name="Start">What starts the work.</param>
/// <param name="Wait">What waits for the work.</param>
/// <param name="Use">The use in the work that throws when the field is disposed.</param>
internal sealed record DisposedEarly(IOperation Disposal, string Resource, IOperation Start, IOperation Wait, IOperation Use)
{
    // A stream or socket is disposed on purpose to end the read of one; nobody is woken by the disposal of these.
    private static readonly HashSet<string> Types =
    [
        "CancellationTokenSource", "SemaphoreSlim", "ManualResetEventSlim", "ManualResetEvent", "AutoResetEvent", "EventWaitHandle", "Mutex", "CountdownEvent", "Barrier", "ReaderWriterLockSlim", "BlockingCollection",
    ];

    // Calls from the work on its way to the use.
    private const int Deepest = 2;

    public static IEnumerable<DisposedEarly> In(TypeModel type)
    {
        var fields = type.Symbol.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsConst).ToList();
        if (!fields.Exists(field => Types.Contains(field.Type.Name)) || !fields.Exists(field => IsWork(field, type.Known)))
        {
            yield break;
        }

        foreach (var body in type.Bodies.Where(body => Word.IsIn(type.Compilation.Text(body.Declaration.SyntaxTree, type.Cancellation), body.Declaration.SpanStart, body.Declaration.Span.End, "Dispose")).SelectMany(body => body.All))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => call is { TargetMethod.Name: "Dispose", Arguments.IsEmpty: true }))
            {
                if (FieldOf(call.Instance, body) is not { } resource || !Types.Contains(resource.Type.Name) || body.Operations.Any(operation => operation is ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } && IsOf(target, resource)))
                {
                    continue;
                }

                foreach (var work in fields.Where(field => IsWork(field, type.Known)))
                {
                    if (WaitAfter(call, work, body, type) is { } wait && UseIn(work, resource, isCancelled: IsCancelledBefore(call, resource, body), type) is var (start, use))
                    {
                        yield return new(Whole(call), resource.Name, start, wait, use);
                        break;
                    }
                }
            }
        }
    }

    private static bool IsWork(IFieldSymbol field, KnownTypes known) => known[field.Type] is KnownType.Task or KnownType.TaskOfT or KnownType.Thread;

    // A field of this object, or a static one.
    private static IFieldSymbol? FieldOf(IOperation? operation, Body body) => operation is not null && body.Places.Of(operation) is { Symbol: IFieldSymbol field, Owner: null or { Symbol: null } } ? field : null;

    private static bool IsOf(IFieldReferenceOperation reference, IFieldSymbol field) => SymbolEqualityComparer.Default.Equals(reference.Field.OriginalDefinition, field);

    // `_idle?.Dispose()`
    private static IOperation Whole(IOperation call) => call.Parent is IConditionalAccessOperation access && access.WhenNotNull == call ? access : call;

    // The first wait for the work that comes when the field is disposed, unless something before may have waited for it or asked whether it is over.
    private static IOperation? WaitAfter(IInvocationOperation disposal, IFieldSymbol work, Body body, TypeModel type)
    {
        var uses = body.Operations.Where(operation => (operation is IFieldReferenceOperation reference && IsOf(reference, work))
            || (operation is ILocalReferenceOperation { IsDeclaration: false, Local: var local } && body.Locals.OnlyValue(local)?.Bare() is IFieldReferenceOperation kept && IsOf(kept, work))).ToList();
        var wait = uses.Find(use => IsAfter(use.Syntax, disposal.Syntax) && IsWaited(use));
        return wait is not null
            && !IsCaught(wait)
            && !uses.Exists(use => use.Syntax.SpanStart < disposal.Syntax.SpanStart && !IsKeptOrTested(use))
            && !body.Operations.Any(operation => operation.Syntax.SpanStart < disposal.Syntax.SpanStart && MayWait(operation, work, type))
            ? wait : null;
    }

    // Behind it on the same way: not in another branch, and not where the branch of the disposal leaves.
    private static bool IsAfter(SyntaxNode wait, SyntaxNode disposal)
    {
        for (SyntaxNode? node = disposal.FirstAncestorOrSelf<StatementSyntax>(); node?.Parent is { } outer and not CatchClauseSyntax; node = outer)
        {
            if (outer.Span.Contains(wait.Span))
            {
                return outer is BlockSyntax && wait.SpanStart > node.Span.End;
            }

            if (outer is BlockSyntax { Statements: [.., ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax] })
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsWaited(IOperation use)
    {
        while (use.Parent is IConversionOperation or IParenthesizedOperation or ICoalesceOperation)
        {
            use = use.Parent;
        }

        return Joins.InPlace(use) || Joins.InCombination(use)
            || (use.Parent is IInvocationOperation { TargetMethod.Name: "Wait" or "Join" or "WaitAsync" } call && call.Instance == use)
            || use.Parent is IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "Wait" or "Join" } };
    }

    private static bool IsKeptOrTested(IOperation use)
    {
        while (use.Parent is IConversionOperation)
        {
            use = use.Parent;
        }

        return use.Parent is IVariableInitializerOperation or IIsPatternOperation or IBinaryOperation || (use.Parent is ISimpleAssignmentOperation assignment && (assignment.Target == use || assignment.Target is ILocalReferenceOperation));
    }

    // What the work says at its end, or a member that waits for it.
    private static bool MayWait(IOperation operation, IFieldSymbol work, TypeModel type) => operation switch
    {
        IAwaitOperation awaiting => awaiting.Awaited() is not IInvocationOperation { TargetMethod.Name: "CancelAsync" or "CloseAsync" or "CompleteAsync" or "FlushAsync" },
        IInvocationOperation { TargetMethod.Name: "Wait" or "WaitOne" or "WaitAll" or "WaitAny" or "Join" or "SignalAndWait" } => true,
        IInvocationOperation call => CodeOf(call.TargetMethod, type)?.All.Any(part => part.Operations.Any(inner => inner is IFieldReferenceOperation reference && IsOf(reference, work))) == true,
        _ => false,
    };

    private static bool IsCancelledBefore(IOperation disposal, IFieldSymbol resource, Body body) => body.Operations.OfType<IInvocationOperation>().Any(call =>
        call.Syntax.SpanStart < disposal.Syntax.SpanStart && call.TargetMethod.Name is "Cancel" or "CancelAsync" && SymbolEqualityComparer.Default.Equals(FieldOf(call.Instance, body), resource));

    private static (IOperation Start, IOperation Use)? UseIn(IFieldSymbol work, IFieldSymbol resource, bool isCancelled, TypeModel type)
    {
        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            foreach (var value in body.Operations.Select(operation => ValueFor(work, operation)).OfType<IOperation>())
            {
                foreach (var start in value.DescendantsAndSelf())
                {
                    var codes = CodesOf(start, body, type).OfType<Body>();
                    if (codes.Select(code => LateUse(code, resource, isCancelled, isLate: false, Deepest, type)).FirstOrDefault(use => use is not null) is { } use)
                    {
                        return (start, use);
                    }
                }
            }
        }

        return null;
    }

    private static IOperation? ValueFor(IFieldSymbol work, IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } assignment when IsOf(target, work) => assignment.Value,
        IFieldInitializerOperation initializer when initializer.InitializedFields.Contains(work, SymbolEqualityComparer.Default) => initializer.Value,
        _ => null,
    };

    // The code that goes on beside: what is handed to a start, or a method of the type that gives a task.
    private static IEnumerable<Body?> CodesOf(IOperation start, Body body, TypeModel type) => start is IInvocationOperation { TargetMethod: { IsAsync: true } method }
        ? [CodeOf(method, type)]
        : body.FactsAt(start).OfType<SpawnFact>().SelectMany(spawn => spawn.Works).Select(code => code.Bare() is IMethodReferenceOperation reference ? CodeOf(reference.Method, type) : body.Outermost.InnerOf(code.Bare()));

    private static Body? CodeOf(IMethodSymbol method, TypeModel type) => type.Bodies.FirstOrDefault(body => SymbolEqualityComparer.Default.Equals(body.Symbol, method.OriginalDefinition));

    // A use that comes when the work is under way: in a loop, or behind an await.
    private static IOperation? LateUse(Body code, IFieldSymbol resource, bool isCancelled, bool isLate, int depth, TypeModel type)
    {
        var awaits = code.Operations.OfType<IAwaitOperation>().Select(awaiting => awaiting.Syntax.Span.End).ToList();
        foreach (var operation in code.Operations.Where(operation => operation is IPropertyReferenceOperation or IInvocationOperation && !IsCaught(operation)))
        {
            bool isUnderWay = isLate || awaits.Exists(end => end <= operation.Syntax.SpanStart) || IsRepeated(operation);
            if (isUnderWay && Throws(operation, resource, isCancelled, code))
            {
                return operation;
            }

            if (depth > 0 && operation is IInvocationOperation call && CodeOf(call.TargetMethod, type) is { } callee && callee != code && LateUse(callee, resource, isCancelled, isUnderWay, depth - 1, type) is { } use)
            {
                return use;
            }
        }

        return null;
    }

    private static bool Throws(IOperation operation, IFieldSymbol resource, bool isCancelled, Body code) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Token", Instance: var source } => !isCancelled && SymbolEqualityComparer.Default.Equals(FieldOf(source, code), resource),
        IInvocationOperation { TargetMethod: { IsExtensionMethod: false, Name: not ("Dispose" or "Close") }, Instance: { } used } => SymbolEqualityComparer.Default.Equals(FieldOf(used, code), resource),
        _ => false,
    };

    // What a foreach goes through is asked for once, unless it is the collection that the loop waits in.
    private static bool IsRepeated(IOperation operation)
    {
        for (var loop = operation.FirstOuter<ILoopOperation>(); loop is not null; loop = loop.FirstOuter<ILoopOperation>())
        {
            if (loop is not IForEachLoopOperation each || each.Body.Syntax.Span.Contains(operation.Syntax.Span) || operation is IInvocationOperation { TargetMethod.Name: "GetConsumingEnumerable" })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCaught(IOperation operation) => operation.IsCaught("ObjectDisposedException", "InvalidOperationException", "SystemException");
}
