using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Imports;

namespace Sluice.Rules;

/// <summary>A using that nothing uses. Go refuses to compile it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedUsing() : FileRule(InFile, InProject)
{
    private const string Id = "SLC0001";
    private const string Title = "Unused using";
    private const string Description = "An import that nothing uses claims a dependency that is not there. Remove it; the Go compiler would not accept it.";

    private static readonly DiagnosticDescriptor InFile = new(
        Id,
        Title,
        "Nothing in this file uses '{0}'; remove it",
        Family.Discipline,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        Description,
        Page.Of(Id),
        WellKnownDiagnosticTags.Unnecessary);

    // Whether anything uses a global using is known when every file has been seen: on build, not while typing.
    private static readonly DiagnosticDescriptor InProject = new(
        Id,
        Title,
        "Nothing in this project uses '{0}'; remove it",
        Family.Discipline,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        Description,
        Page.Of(Id),
        WellKnownDiagnosticTags.Unnecessary,
        WellKnownDiagnosticTags.CompilationEnd);

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(start =>
        {
            var catalogue = new ImportCatalogue();
            start.RegisterSemanticModelAction(file => VetFile(file, catalogue));
            start.RegisterCompilationEndAction(project => VetGlobalUsings(project, catalogue));
        });
    }

    private static void VetFile(SemanticModelAnalysisContext context, ImportCatalogue catalogue)
    {
        var model = context.SemanticModel;
        var directives = Directives(model.SyntaxTree.GetCompilationUnitRoot(context.CancellationToken)).Where(directive => !IsGlobal(directive)).ToList();
        if (directives.Count == 0 || !IsWhole(model.SyntaxTree, context.CancellationToken))
        {
            return;
        }

        var uses = new FileUses(model, catalogue, context.CancellationToken);
        var unused = Resolved(directives, model).Where(import => !uses.Uses(import)).ToList();

        // Where something does not compile, a using may be about to become useful. Only files with a finding pay for this question.
        if (unused.Count > 0 && !model.GetDiagnostics(cancellationToken: context.CancellationToken).Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error))
        {
            unused.ForEach(import => context.ReportDiagnostic(Report(InFile, import)));
        }
    }

#pragma warning disable RS1030 // A global using is used in any file; the driver makes these the models that all analyzers share.
    private static void VetGlobalUsings(CompilationAnalysisContext context, ImportCatalogue catalogue)
    {
        var compilation = context.Compilation;
        var cancellation = context.CancellationToken;
        var written = compilation.SyntaxTrees.Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase));
        var unused = written
            .SelectMany(tree => Resolved(tree.GetCompilationUnitRoot(cancellation).Usings.TakeWhile(IsGlobal), compilation.GetSemanticModel(tree)))
            .ToList();
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (unused.Count == 0)
            {
                return;
            }

            var uses = new FileUses(compilation.GetSemanticModel(tree), catalogue, cancellation);
            unused.RemoveAll(uses.Uses);
        }

        if (unused.Count > 0 && compilation.SyntaxTrees.All(tree => IsWhole(tree, cancellation)) && !compilation.GetDiagnostics(cancellation).Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error))
        {
            unused.ForEach(import => context.ReportDiagnostic(Report(InProject, import)));
        }
    }

#pragma warning restore RS1030

    private static IEnumerable<SyntaxNode> Directives(SyntaxNode scope) => scope switch
    {
        CompilationUnitSyntax unit => unit.Externs.Concat<SyntaxNode>(unit.Usings).Concat(unit.Members.SelectMany(Directives)),
        BaseNamespaceDeclarationSyntax space => space.Externs.Concat<SyntaxNode>(space.Usings).Concat(space.Members.SelectMany(Directives)),
        _ => [],
    };

    private static bool IsGlobal(SyntaxNode directive) => directive is UsingDirectiveSyntax { GlobalKeyword.RawKind: not (int)SyntaxKind.None };

    private static IEnumerable<Import> Resolved(IEnumerable<SyntaxNode> directives, SemanticModel model)
    {
        foreach (var directive in directives)
        {
            var import = directive is ExternAliasDirectiveSyntax alias ? Import.Of(alias) : Import.Of((UsingDirectiveSyntax)directive, model);
            if (import is not null)
            {
                yield return import;
            }
        }
    }

    private static bool IsWhole(SyntaxTree tree, CancellationToken cancellation) =>
        !tree.GetRoot(cancellation).ContainsDiagnostics || !tree.GetDiagnostics(cancellation).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static Diagnostic Report(DiagnosticDescriptor descriptor, Import import) =>
        Diagnostic.Create(descriptor, import.Directive.GetLocation(), import.Directive.ToString().TrimEnd(';'));
}
