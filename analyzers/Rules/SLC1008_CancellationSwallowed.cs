using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A catch that takes a cancellation for a failure, or for nothing at all.</summary>
internal sealed class CancellationSwallowed : Rule
{
    internal const string Id = "SLC1008";

    /// <summary>What the fix writes as the filter of the catch.</summary>
    internal const string Filter = nameof(Filter);

    // The answer of such a method says whether it came to its end.
    private static readonly string[] Asks = ["Try", "Wait", "Is", "Has", "Can", "MoveNext"];

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Cancellation swallowed",
        "{0}",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A cancelled operation ends with OperationCanceledException, so that everybody up to who cancelled knows. A catch that keeps it makes the caller believe that all was done, or logs a failure that was none.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Async))
        {
            foreach (var attempt in body.Operations.OfType<ITryOperation>())
            {
                if (attempt.Body.Own().FirstOrDefault(operation => operation is IAwaitOperation awaiting && awaiting.Awaited() is IInvocationOperation call && call.PassesToken()) is not IAwaitOperation { } awaited)
                {
                    continue;
                }

                foreach (var handler in attempt.Catches)
                {
                    if (IsCancellation(handler, type.Known))
                    {
                        string? token = TokenOf(awaited);
                        bool isUnfiltered = handler.Filter is null || AsksForKind(handler.Filter, type.Known);
                        if (isUnfiltered && IsEmpty(handler) && GoesOn(attempt))
                        {
                            Report(handler, token is null || handler.Filter is not null ? null : $"{token}.IsCancellationRequested", "This drops the cancellation, and the code after it goes on as if the work were done: rethrow it, leave, or filter with 'when'");
                        }
                        else if (isUnfiltered && (IsEmpty(handler) || GivesConstant(handler)) && IsOfCaller(token, attempt, body))
                        {
                            Report(handler, handler.Filter is not null ? null : $"!{token}.IsCancellationRequested", "The caller cancelled this, and is told that it ended well: let the cancellation through, or filter with 'when'");
                        }

                        break; // it is the one that gets it
                    }

                    if (IsCatchAll(handler, type.Known))
                    {
                        if (handler.Filter is null && !Rethrows(handler) && !HandsOn(handler) && !AsksForCancellation(handler))
                        {
                            Report(handler, "is not OperationCanceledException", $"This also catches the cancellation of '{awaited.Awaited().InOneLine()}' and takes it for a failure: let it through, 'when (e is not OperationCanceledException)'");
                        }

                        break;
                    }
                }
            }
        }

        void Report(ICatchClauseOperation handler, string? filter, string message)
        {
            var clause = (CatchClauseSyntax)handler.Syntax;
            var end = clause.Declaration?.Span.End ?? clause.CatchKeyword.Span.End;
            report(Diagnostic.Create(
                Descriptor,
                Location.Create(clause.SyntaxTree, Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(clause.CatchKeyword.SpanStart, end)),
                filter is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Filter, filter),
                message));
        }
    }

    private static bool IsCancellation(ICatchClauseOperation handler, KnownTypes known) => IsCancellation(handler.ExceptionType, known) || (IsCatchAll(handler, known) && handler.Filter is { } filter && AsksForKind(filter, known));

    private static bool IsCancellation(ITypeSymbol type, KnownTypes known) => known[type] == KnownType.OperationCanceledException || type.Name == "TaskCanceledException";

    // `when (e is IOException or OperationCanceledException)`: a filter that lets the cancellation in, and asks nothing else.
    private static bool AsksForKind(IOperation filter, KnownTypes known) => filter switch
    {
        IIsPatternOperation pattern => Names(pattern.Pattern, known),
        IIsTypeOperation test => IsCancellation(test.TypeOperand, known),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } either => AsksForKind(either.LeftOperand, known) || AsksForKind(either.RightOperand, known),
        IParenthesizedOperation inner => AsksForKind(inner.Operand, known),
        _ => false,
    };

    private static bool Names(IPatternOperation pattern, KnownTypes known) => pattern switch
    {
        ITypePatternOperation type => IsCancellation(type.MatchedType, known),
        IDeclarationPatternOperation { MatchedType: { } matched } => IsCancellation(matched, known),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => Names(either.LeftPattern, known) || Names(either.RightPattern, known),
        _ => false,
    };

    private static bool IsCatchAll(ICatchClauseOperation handler, KnownTypes known) =>
        known[handler.ExceptionType] == KnownType.Exception || handler.ExceptionType.SpecialType == SpecialType.System_Object || handler.ExceptionType.Name is "SystemException";

    // Nothing in it but `continue;`, not even a word on why.
    private static bool IsEmpty(ICatchClauseOperation handler) => handler.Handler.Operations is [] or [IBranchOperation { BranchKind: BranchKind.Continue }]
        && handler.Handler.Syntax is BlockSyntax block
        && !block.DescendantTrivia(block.Span).Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));

    // Nothing but `return -1;`.
    private static bool GivesConstant(ICatchClauseOperation handler) => handler.Handler.Operations is [IReturnOperation { ReturnedValue: { } value }]
        && value.Bare() is { ConstantValue.HasValue: true } or IDefaultValueOperation;

    // The token came with the call, from somebody who waits for it; a loop that ends with its token is the work of a worker.
    private static bool IsOfCaller(string? token, ITryOperation attempt, Body body) => body is { Outer: null, Symbol: IMethodSymbol { ReturnsVoid: false, IsOverride: false, DeclaredAccessibility: not Accessibility.Private } method }
        && method.Parameters.Any(parameter => parameter.Name == token && body.Compilation.Known[parameter.Type] == KnownType.CancellationToken)
        && !attempt.Body.Own().Any(operation => operation is ILoopOperation)
        && !Tokens.IsEnding(method.Name)
        && !Asks.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal));

    // Something comes after the try, or the loop around it goes round again.
    private static bool GoesOn(ITryOperation attempt)
    {
        IOperation inner = attempt;
        for (var outer = attempt.Parent; outer is not (null or IMethodBodyOperation or IAnonymousFunctionOperation or ILocalFunctionOperation); inner = outer, outer = outer.Parent)
        {
            if (outer is ILoopOperation || (outer is IBlockOperation block && block.Operations.SkipWhile(statement => statement != inner).Skip(1).Any(statement => statement is not (IReturnOperation { ReturnedValue: null } or ILocalFunctionOperation))))
            {
                return true;
            }
        }

        return false;
    }

    private static string? TokenOf(IAwaitOperation awaiting) => awaiting.Awaited() is IInvocationOperation call
        && call.Arguments.FirstOrDefault(argument => argument is { IsImplicit: false, Parameter.Type.Name: "CancellationToken" })?.Value.Bare() is { } token
        && token is IParameterReferenceOperation or ILocalReferenceOperation or IFieldReferenceOperation
            ? token.Syntax.ToString()
            : null;

    private static bool Rethrows(ICatchClauseOperation handler) => handler.Handler.Own().Any(operation => operation is IThrowOperation) || EndsProcess(handler);

    private static bool EndsProcess(ICatchClauseOperation handler) => handler.Handler.Own().Any(Throws.EndsThere);

    // The exception itself goes to somebody: a completion source, a channel, a result, a field. A log is nobody.
    private static bool HandsOn(ICatchClauseOperation handler) => handler.Handler.Own().OfType<ILocalReferenceOperation>()
        .Where(use => handler.ExceptionDeclarationOrExpression is IVariableDeclaratorOperation { Symbol: var caught } && SymbolEqualityComparer.Default.Equals(use.Local, caught))
        .Any(use =>
        {
            IOperation value = use;
            while (value.Parent is IConversionOperation or IParenthesizedOperation or IPropertyReferenceOperation)
            {
                value = value.Parent;
            }

            return value.Parent switch
            {
                IArgumentOperation { Parent: IInvocationOperation call } => !IsLog(call),
                IArgumentOperation or IAssignmentOperation or IReturnOperation or IVariableInitializerOperation or IIsTypeOperation or IIsPatternOperation or ISwitchOperation or ISwitchExpressionOperation => true,
                _ => false,
            };
        });

    private static bool IsLog(IInvocationOperation call) =>
        call.TargetMethod.Name.StartsWith("Log", StringComparison.Ordinal) || call.TargetMethod.Name.StartsWith("Write", StringComparison.Ordinal) || call.TargetMethod.Name is "Error" or "Warn" or "Warning" or "Fatal" or "Info" or "Debug" or "Trace" or "Exception"
        || call.TargetMethod.ContainingType.Name is "Console" or "Debug" or "Trace" or "Log";

    private static bool AsksForCancellation(ICatchClauseOperation handler) => handler.Handler.Own().Any(operation => operation is IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } or IInvocationOperation { TargetMethod.Name: "ThrowIfCancellationRequested" });
}
