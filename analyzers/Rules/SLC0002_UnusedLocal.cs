using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model;
using Sluice.Model.Discipline;

namespace Sluice.Rules;

/// <summary>A local variable that nothing reads. Go refuses to compile it. The text of a member tells nearly all; only a member with a finding is bound.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedLocal() : FileRule(Descriptor)
{
    internal const string Id = "SLC0002";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Local declared and not used",
        "'{0}' is {1}: remove it, or use what it was made for",
        Family.Discipline,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A variable that nothing reads is a leftover, or the place where something was forgotten: a result that is not looked at, the wrong name on the next line. Go does not compile it.",
        Page.Of(Id),
        WellKnownDiagnosticTags.Unnecessary);

    private static readonly ImmutableArray<SyntaxKind> Members = ImmutableArray.Create(
        SyntaxKind.MethodDeclaration,
        SyntaxKind.ConstructorDeclaration,
        SyntaxKind.DestructorDeclaration,
        SyntaxKind.OperatorDeclaration,
        SyntaxKind.ConversionOperatorDeclaration,
        SyntaxKind.PropertyDeclaration,
        SyntaxKind.IndexerDeclaration,
        SyntaxKind.EventDeclaration,
        SyntaxKind.FieldDeclaration,
        SyntaxKind.CompilationUnit);

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(start =>
        {
            var known = new KnownTypes(start.Compilation);
            start.RegisterSyntaxNodeAction(member => Vet(member, known), Members);
        });
    }

    private static void Vet(SyntaxNodeAnalysisContext context, KnownTypes known)
    {
        if (context.Node is CompilationUnitSyntax unit && !unit.Members.Any(SyntaxKind.GlobalStatement))
        {
            return;
        }

        // Who begins a name with an underscore says that nothing will read it.
        var unused = LocalName.In(context.Node).Where(local => local.Name.ValueText is { Length: > 0 } name && name[0] != '_' && local.IsNeverRead).ToList();

        // Where something does not compile, the use may be about to be typed. Only a member with a finding pays for this question.
        if (unused.Count > 0 && !context.SemanticModel.HasErrorsAround(context.Node, context.CancellationToken))
        {
            foreach (var local in unused.Where(local => Counts(local, context.SemanticModel, known, context.CancellationToken)))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    local.Name.GetLocation(),
                    local.Mentions.Select(mention => mention.GetLocation()),
                    local.Name.ValueText,
                    local.Mentions.Count == 0 ? "declared and never used" : "assigned and never read"));
            }
        }
    }

    private static bool Counts(LocalName local, SemanticModel model, KnownTypes known, CancellationToken cancellation) =>
        model.GetDeclaredSymbol(local.Declaration, cancellation) is ILocalSymbol { RefKind: RefKind.None, IsFixed: false, IsUsing: false } symbol
        && !(Waits.IsAwaitable(symbol.Type, known) && local.Declaration is VariableDeclaratorSyntax { Initializer: not null }) // SLC5001 knows more of tasks.
        && !IsLent(local.Declaration.Parent, model, cancellation)
        && local.Mentions.All(mention => IsMerelyWritten(mention, symbol, model, cancellation));

    // An operator that somebody wrote may do anything.
    private static bool IsMerelyWritten(IdentifierNameSyntax mention, ILocalSymbol local, SemanticModel model, CancellationToken cancellation) =>
        SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(mention, cancellation).Symbol, local)
        && !IsLent(mention, model, cancellation)
        && (mention.Parent is ArgumentSyntax || mention.Parent.IsKind(SyntaxKind.SimpleAssignmentExpression)
            || model.GetSymbolInfo(mention.Parent!, cancellation).Symbol is null or IMethodSymbol { MethodKind: MethodKind.BuiltinOperator });

    // What the call gives may lie in the variable: `var span = value.Span(out scratch)`.
    private static bool IsLent(SyntaxNode? argument, SemanticModel model, CancellationToken cancellation) =>
        argument?.Parent is ArgumentSyntax { Parent.Parent: ExpressionSyntax call }
        && (model.GetTypeInfo(call, cancellation).Type is { IsRefLikeType: true } || model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol { ReturnsByRef: true } or IMethodSymbol { ReturnsByRefReadonly: true });
}
