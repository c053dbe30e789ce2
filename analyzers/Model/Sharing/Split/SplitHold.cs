using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing.Split;

/// <summary>A field that is read under one hold of a lock and written under a later one, by what was read: in between others may change it.</summary>
/// <param name="Write">What writes the field.</param>
/// <param name="Read">What read it.</param>
/// <param name="Field">The field.</param>
/// <param name="Lock">The lock.</param>
/// <param name="IsStale">Whether what is written is made of what was read; else it was read to decide whether to write.</param>
internal sealed record SplitHold(IOperation Write, IOperation Read, Place Field, Place Lock, bool IsStale)
{
    /// <summary>The first one under each hold.</summary>
    public static IEnumerable<SplitHold> In(Body body, CancellationToken cancellation)
    {
        var holds = (body.Mentions & Mentions.Lock) == 0 || body.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } ? ImmutableArray<Hold>.Empty : Hold.In(body);
        if (holds.Length < 2 || body.Paths is not { } paths)
        {
            return [];
        }

        var uses = FieldUse.In(body).ToList();
        return holds
            .Select(second => holds.Where(first => IsGivenBackBetween(first, second, holds)).Reverse().Select(first => new Pair(first, second, uses, body, paths, cancellation).Find()).FirstOrDefault(found => found is not null))
            .OfType<SplitHold>();
    }

    private static bool IsGivenBackBetween(Hold first, Hold second, ImmutableArray<Hold> holds) => first.Lock.Equals(second.Lock) && first.IsForOne && first.Span.End <= second.Span.Start
        && !holds.Any(outer => outer.Span.Contains(first.Span) && outer.Span.Contains(second.Span))
        && !first.Taken.Operation.Syntax.Ancestors().Where(outer => outer.Span.Contains(second.Span)).Any(outer => outer is LockStatementSyntax
            || (outer is UsingStatementSyntax use && IsLike((SyntaxNode?)use.Declaration ?? use.Expression))
            || (outer is BlockSyntax block && block.Statements.TakeWhile(statement => statement.Span.End <= first.Taken.Operation.Syntax.SpanStart).Any(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } declaration && IsLike(declaration.Declaration)))
            || (outer is MemberDeclarationSyntax member && member.AttributeLists.ToString().Contains("Synchronized")));

    // A lock of a kind that is not known, by its name: `using (await _executor.LockAsync())`.
    private static bool IsLike(SyntaxNode? resource) => resource?.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax { Expression: var called } && called.ToString().Split('.').Last() is var name && (name.Contains("Lock") || name.Contains("Enter") || name.Contains("Acquire") || name.Contains("Wait"))) == true;

    // What the first hold leaves in a local.
    private sealed record Taken(ILocalSymbol Local, IOperation Value, SyntaxNode Write);

    private sealed class Pair(Hold first, Hold second, List<FieldUse> uses, Body body, Paths paths, CancellationToken cancellation)
    {
        private readonly List<FieldUse> _before = uses.FindAll(use => first.Contains(use.Reference));
        private readonly List<FieldUse> _after = uses.FindAll(use => second.Contains(use.Reference));
        private readonly List<Taken> _taken = TakenIn(first, body).ToList();

        public SplitHold? Find() => _after.Where(use => use.IsWrite && use.Kind is not (FieldUseKind.Other or FieldUseKind.StepItem) && !IsWrittenBefore(use) && !IsAskedAgain(use)).Select(Find).FirstOrDefault(found => found is not null);

        private SplitHold? Find(FieldUse write)
        {
            var taken = _taken.Where(kept => ReadsIn(kept.Value, write.Field).Any(read => Reaches(read, kept, write))).ToList();
            if (SplitWrite.IsStale(write, part => part is ILocalReferenceOperation { Local: var local } && taken.Exists(kept => Is(kept.Local, local)), body) is ILocalReferenceOperation { Local: var stale })
            {
                return Of(write, taken.Find(kept => Is(kept.Local, stale))!.Value, isStale: true);
            }

            var decisions = taken.FindAll(kept => SplitWrite.IsDecision(kept.Local.Type));
            var decided = ConditionsOf(write).Select(condition => Derivation.SourceOf(condition, part => part is ILocalReferenceOperation { Local: var local } && decisions.Exists(kept => Is(kept.Local, local)), body)).FirstOrDefault(source => source is not null) is ILocalReferenceOperation { Local: var told }
                ? decisions.Find(kept => Is(kept.Local, told))!.Value
                : LeavingIn(first, write);
            return decided is not null && !IsMarked() && SplitWrite.IsDecided(write, decided, _before.Where(use => use.Field.Equals(write.Field))) ? Of(write, decided, isStale: false) : null;
        }

        private SplitHold Of(FieldUse write, IOperation read, bool isStale) => new(write.Act, read, write.Field, first.Lock, isStale);

        // Under the first hold, where counting in an item reserves nothing, or between the two.
        private bool IsWrittenBefore(FieldUse write) => uses.Exists(use => use.IsWrite && use.Kind != FieldUseKind.StepItem && use.Field.Equals(write.Field) && use.Reference.Syntax.SpanStart >= first.Span.Start && use.Reference.Syntax.SpanStart < second.Span.Start)
            || CallsIn(first).Any(call => NamesIn(call, write.Field).Any(IsWritten));

        // Under the second hold something that the first one looked at is looked at again.
        private bool IsAskedAgain(FieldUse write) => _after.Exists(use => use != write && use.Reference.Syntax.SpanStart < write.Act.Syntax.Span.End && (!use.IsWrite || use.Act.Parent is not IExpressionStatementOperation)
                && (use.Field.Equals(write.Field) || (!IsFixed(use.Field) && _before.Exists(other => other.Field.Equals(use.Field)))))
            || CallsIn(second).Any(call => call.Syntax.SpanStart < write.Act.Syntax.Span.End && NamesIn(call, write.Field).Any());

        // `entry.IsClosing = true`, `_starting ??= StartAsync()`: who comes in between can see that something is under way.
        private bool IsMarked() => _before.Exists(use => use.Kind is FieldUseKind.Set or FieldUseKind.SetItem or FieldUseKind.Change)
            || body.Operations.Any(operation => first.Contains(operation) && operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation } or ICoalesceAssignmentOperation { Target: IMemberReferenceOperation });

        // `if (last) { lock … }`, `if (!last) return; lock …`
        private IEnumerable<IOperation> ConditionsOf(FieldUse write) => body.Operations.OfType<IConditionalOperation>()
            .Where(choice => choice.Syntax.SpanStart >= first.Span.End && choice.Condition.Syntax.Span.End <= write.Act.Syntax.SpanStart
                && (choice.Syntax.Span.Contains(write.Act.Syntax.Span) || ((choice.WhenTrue.Leaves(Leaving.Block) || choice.WhenFalse.Leaves(Leaving.Block)) && choice.Parent?.Syntax.Span.Contains(write.Act.Syntax.Span) == true)))
            .Select(choice => choice.Condition);

        // `lock (_gate) { if (_started) return; }`
        private IOperation? LeavingIn(Hold hold, FieldUse write) => body.Operations.OfType<IConditionalOperation>()
            .Where(choice => hold.Contains(choice) && choice.WhenTrue.Leaves(Leaving.Member) && choice.WhenFalse is null)
            .Select(choice => choice.Condition)
            .FirstOrDefault(condition => SplitWrite.IsAnswer(condition) && ReadsIn(condition, write.Field).SelectMany(paths.NodesOf).Any(start => paths.NodesOf(write.Reference).Any(end => paths.Find(start, node => node == end) is not null)));

        // What reads the field, itself or by the code of a method of the type.
        private IEnumerable<IOperation> ReadsIn(IOperation value, Place field) => value.Own().Where(part => part is IMemberReferenceOperation ? _before.Exists(use => use.Reference == part && use.Field.Equals(field)) : part is IInvocationOperation call && IsOwn(call) && NamesIn(call, field).Any());

        private bool Reaches(IOperation read, Taken kept, FieldUse write) => paths.NodesOf(read).Any(start => paths.NodesOf(write.Reference).Any(end => paths.Find(start, node => node == end, node => IsReplaced(kept, node.Operation)) is not null));

        private static bool IsReplaced(Taken kept, IOperation? operation) => operation is not null && operation.Syntax != kept.Write
            && Locals.WritesOf(operation).Any(write => write.Target.Bare() is ILocalReferenceOperation { Local: var local } && Is(local, kept.Local));

        private IEnumerable<IInvocationOperation> CallsIn(Hold hold) => body.Operations.OfType<IInvocationOperation>().Where(call => hold.Contains(call) && IsOwn(call));

        private static bool IsOwn(IInvocationOperation call) => call.TargetMethod is { DeclaringSyntaxReferences.IsEmpty: false } && call.Instance is null or IInstanceReferenceOperation;

        // Where the code of the callee names the field.
        private IEnumerable<SimpleNameSyntax> NamesIn(IInvocationOperation call, Place field) => field.Owner is { Symbol: not null }
            ? []
            : body.Compilation.DeclarationOf(call.TargetMethod.OriginalDefinition, cancellation)?.DescendantNodes().OfType<SimpleNameSyntax>().Where(name => name.Identifier.ValueText == field.Symbol!.Name) ?? [];

        private static bool IsWritten(SimpleNameSyntax name) => name.Ancestors().TakeWhile(node => node is not (StatementSyntax or ArrowExpressionClauseSyntax)).Any(node => node switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left.Span.Contains(name.Span),
            PrefixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } or PostfixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } => true,
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => true,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression.Span.Contains(name.Span) && Collections.IsChange(access.Name.Identifier.ValueText),
            _ => false,
        });

        private static bool IsFixed(Place field) => field.Symbol is IFieldSymbol { IsReadOnly: true, Type: var type } && !Collections.IsUnsafe(type);

        private static bool Is(ILocalSymbol one, ILocalSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

        private static IEnumerable<Taken> TakenIn(Hold hold, Body body) => body.Operations.Where(hold.Contains).Select(operation => operation switch
        {
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value } => new Taken(local, value, operation.Syntax),
            IVariableDeclaratorOperation { Symbol: var local, Initializer.Value: var value } => new Taken(local, value, operation.Syntax),
            IArgumentOperation { Parameter.RefKind: RefKind.Out, Value: var given, Parent: IInvocationOperation call } when (given is IDeclarationExpressionOperation declared ? declared.Expression : given) is ILocalReferenceOperation { Local: var local } => new Taken(local, call, operation.Syntax),
            _ => null,
        }).OfType<Taken>();
    }
}
