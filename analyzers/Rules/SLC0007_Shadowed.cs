using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A name that hides another which is used as well: a local or a lambda's parameter over one of the code around, or over a field.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class Shadowed() : FileRule(Descriptor)
{
    private const string Id = "SLC0007";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Name hides another that is used as well",
        "'{0}' hides {1}, which is used at line {2}: what is written here does not reach that one, and a reader takes one for the other; give it a name of its own",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        description: "Where one name means two things within a few lines, the value goes to the wrong one and nothing complains. Go's vet has the check 'shadow' for it.",
        helpLinkUri: Page.Of(Id));

    private static readonly ImmutableArray<SyntaxKind> Declarations = ImmutableArray.Create(
        SyntaxKind.VariableDeclarator,
        SyntaxKind.SingleVariableDesignation,
        SyntaxKind.ForEachStatement,
        SyntaxKind.CatchDeclaration,
        SyntaxKind.Parameter);

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(start =>
        {
            var importsMembers = new Lazy<bool>(() => start.Compilation.SyntaxTrees.Any(tree => ImportsMembers(tree.GetRoot(start.CancellationToken))));
            start.RegisterSyntaxNodeAction(node => Vet(node, importsMembers), Declarations);
        });
    }

    private static void Vet(SyntaxNodeAnalysisContext context, Lazy<bool> importsMembers)
    {
        var name = NameIn(context.Node);
        var function = context.Node.Ancestors().FirstOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax);
        if (name.ValueText.Trim('_').Length == 0 || function is null or BaseTypeDeclarationSyntax or BaseFieldDeclarationSyntax or DelegateDeclarationSyntax || (context.Node is ParameterSyntax && function is MemberDeclarationSyntax)
            || (function is MemberDeclarationSyntax && !importsMembers.Value && !IsNameAround(name.ValueText, context.ContainingSymbol))
            || context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken) is not { } inner || Hidden(name.ValueText, function, context.SemanticModel) is not { } outer)
        {
            return;
        }

        if (FirstUse(inner, function, null, context) is not null && !IsCopy(inner, outer, context.Node, function, context)
            && ScopeOf(outer, function, context.CancellationToken) is { } scope && FirstUse(outer, scope, function is MemberDeclarationSyntax ? null : function, context) is { } use)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, name.GetLocation(), new[] { use.GetLocation() }, name.ValueText, Called(outer), use.Line()));
        }
    }

    private static SyntaxToken NameIn(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax declarator => declarator.Identifier,
        SingleVariableDesignationSyntax designation => designation.Identifier,
        ForEachStatementSyntax loop => loop.Identifier,
        CatchDeclarationSyntax caught => caught.Identifier,
        ParameterSyntax parameter => parameter.Identifier,
        _ => default,
    };

    // `using static`: fields of other types by their bare name.
    private static bool ImportsMembers(SyntaxNode root) => root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .Any(static node => node is UsingDirectiveSyntax { StaticKeyword.RawKind: not (int)SyntaxKind.None });

    // Few locals of a member have the name of a field or of a parameter of the type; to look up what a name means is what costs.
    private static bool IsNameAround(string name, ISymbol? code)
    {
        for (var around = code?.ContainingType; around is not null; around = around.ContainingType)
        {
            if (around.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == name)))
            {
                return true;
            }

            for (var type = around; type is not null; type = type.BaseType)
            {
                if (type.GetMembers(name).Any(static member => member is IFieldSymbol))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // What the name means where the function stands, if code in the function could have meant it.
    private static ISymbol? Hidden(string name, SyntaxNode function, SemanticModel model)
    {
        bool isStatic = IsStatic(function);
        var found = model.LookupSymbols(function.SpanStart, name: name).FirstOrDefault();
        return found switch
        {
            ILocalSymbol or IParameterSymbol => isStatic ? null : found,
            IFieldSymbol { IsImplicitlyDeclared: false, IsConst: false } field => field.IsStatic || (!isStatic && !function.Ancestors().Any(IsStatic) && IsOfInstance(field, function, model)) ? field : null,
            _ => null,
        };
    }

    // A nested type has no instance of the one around it.
    private static bool IsOfInstance(IFieldSymbol field, SyntaxNode function, SemanticModel model)
    {
        var type = model.GetEnclosingSymbol(function.SpanStart) is { } around ? around as INamedTypeSymbol ?? around.ContainingType : null;
        while (type is not null && !SymbolEqualityComparer.Default.Equals(type, field.ContainingType))
        {
            type = type.BaseType;
        }

        return type is not null;
    }

    private static bool IsStatic(SyntaxNode code) => code switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.StaticKeyword),
        BaseTypeDeclarationSyntax => false,
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };

    private static SyntaxNode? ScopeOf(ISymbol outer, SyntaxNode function, CancellationToken cancellation) => outer is IFieldSymbol || (outer.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && function is MemberDeclarationSyntax)
        ? function.FirstAncestorOrSelf<TypeDeclarationSyntax>()
        : outer.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation).Ancestors().FirstOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);

    private static SyntaxNode? FirstUse(ISymbol symbol, SyntaxNode scope, SyntaxNode? without, SyntaxNodeAnalysisContext context) => Uses(symbol, scope, without, context).FirstOrDefault();

    private static IEnumerable<IdentifierNameSyntax> Uses(ISymbol symbol, SyntaxNode scope, SyntaxNode? without, SyntaxNodeAnalysisContext context) =>
        scope.DescendantNodes(node => node != without).OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(context.SemanticModel.GetSymbolInfo(name, context.CancellationToken).Symbol, symbol));

    // `var handler = this.handler;`, `this.buffer = buffer;`: who writes so has both in view. `this.total += total` is written by who has not.
    private static bool IsCopy(ISymbol inner, ISymbol outer, SyntaxNode declaration, SyntaxNode function, SyntaxNodeAnalysisContext context) =>
        (declaration is VariableDeclaratorSyntax { Initializer.Value: var value } && Mentions(value, outer, context))
        || Uses(outer, function, null, context).Select(use => use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : (SyntaxNode)use)
            .Any(use => use.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == use && Mentions(assignment.Right, inner, context));

    private static bool Mentions(ExpressionSyntax value, ISymbol symbol, SyntaxNodeAnalysisContext context) => Uses(symbol, value.Parent!, null, context).Any(use => value.Span.Contains(use.Span));

    private static string Called(ISymbol outer) => outer switch
    {
        IFieldSymbol field => $"the field of '{field.ContainingType.Name}'",
        IParameterSymbol => "the parameter of the code around",
        _ => "the variable of the code around",
    };
}
