using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>
/// Gives the type a private object and locks it wherever the type locked the wrong one, so that these places still exclude each other. Or makes the
/// field readonly that nothing replaces.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LockPrivateObject : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(WrongLock.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => AllAtOnce.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!(await Offered(ImmutableArray.Create(diagnostic), solution, context.CancellationToken).ConfigureAwait(false)).IsEmpty)
            {
                string title = diagnostic.Properties[WrongLock.Fix] == WrongLock.MakeReadonly ? "Make the field readonly" : "Lock a private object";
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => Mend(solution, ImmutableArray.Create(diagnostic), cancellation), WrongLock.Id), diagnostic);
            }
        }
    }

    private static async Task<ImmutableArray<Diagnostic>> Offered(ImmutableArray<Diagnostic> diagnostics, Solution solution, CancellationToken cancellation)
    {
        HashSet<string>? locked = null;
        var offered = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var diagnostic in diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(WrongLock.Fix)))
        {
            if (diagnostic.Properties.ContainsKey(WrongLock.IsThis))
            {
                locked ??= await TypesLockedByOthers(solution, cancellation).ConfigureAwait(false);
                if (!await IsLockedByItselfAlone(diagnostic, locked, solution, cancellation).ConfigureAwait(false))
                {
                    continue;
                }
            }

            offered.Add(diagnostic);
        }

        return offered.ToImmutable();
    }

    /// <summary>Types above and below, and whoever holds the object, may lock it as well: then it is not for one type to say which object they share.</summary>
    private static async Task<bool> IsLockedByItselfAlone(Diagnostic diagnostic, HashSet<string> locked, Solution solution, CancellationToken cancellation)
    {
        if (await TypeAround(diagnostic.AdditionalLocations[0], solution, cancellation).ConfigureAwait(false) is not { } type
            || type.AllInterfaces.Append(type).Any(other => locked.Contains(NameOf(other))))
        {
            return false;
        }

        for (var above = type.BaseType; above is not null; above = above.BaseType)
        {
            if (locked.Contains(NameOf(above)) || above.DeclaringSyntaxReferences.Any(reference => LocksThis(reference.GetSyntax(cancellation))))
            {
                return false;
            }
        }

        return type.IsSealed || !(await SymbolFinder.FindDerivedClassesAsync(type, solution, cancellationToken: cancellation).ConfigureAwait(false)).Any();
    }

    private static string NameOf(ITypeSymbol type) => type.OriginalDefinition.ToDisplayString();

    /// <summary>The types of everything that the solution locks other than as `this`.</summary>
    private static async Task<HashSet<string>> TypesLockedByOthers(Solution solution, CancellationToken cancellation)
    {
        var locked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents))
        {
            var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
            var targets = root?.DescendantNodes().Select(LockedIn).OfType<ExpressionSyntax>().Where(target => target is not ThisExpressionSyntax).ToList();
            if (targets is { Count: > 0 } && await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is { } model)
            {
                locked.UnionWith(targets.Select(target => model.GetTypeInfo(target, cancellation).Type).OfType<ITypeSymbol>().Where(type => type.SpecialType != SpecialType.System_Object).Select(NameOf));
            }
        }

        return locked;
    }

    private static ExpressionSyntax? LockedIn(SyntaxNode node) => node switch
    {
        LockStatementSyntax statement => statement.Expression,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" } } } call => call.ArgumentList.Arguments.FirstOrDefault()?.Expression,
        _ => null,
    };

    private static bool LocksThis(SyntaxNode type) => type.DescendantNodes().Any(node =>
        LockedIn(node) is ThisExpressionSyntax || (node is AttributeSyntax attribute && attribute.ToString().Contains("Synchronized")));

    private static async Task<INamedTypeSymbol?> TypeAround(Location location, Solution solution, CancellationToken cancellation)
    {
        var declaration = location.SourceTree?.GetRoot(cancellation).FindNode(location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>();
        var document = solution.GetDocument(location.SourceTree);
        var model = document is null ? null : await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return declaration is null ? null : model?.GetDeclaredSymbol(declaration, cancellation);
    }

    private static async Task<Solution> Mend(Solution solution, IEnumerable<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var changes = new Dictionary<SyntaxTree, Changes>();
        var names = new Dictionary<INamedTypeSymbol, HashSet<string>>(SymbolEqualityComparer.Default);
        foreach (var diagnostic in diagnostics.GroupBy(diagnostic => diagnostic.AdditionalLocations[0]).Select(same => same.First()).OrderBy(diagnostic => diagnostic.AdditionalLocations[0].SourceSpan.Start))
        {
            var first = diagnostic.AdditionalLocations[0];
            if (diagnostic.Properties[WrongLock.Fix] == WrongLock.MakeReadonly)
            {
                ChangesOf(first).Readonly.Add(first);
                continue;
            }

            if (await TypeAround(first, solution, cancellation).ConfigureAwait(false) is not { } type)
            {
                continue;
            }

            if (!names.TryGetValue(type, out var taken))
            {
                names[type] = taken = NamesIn(type, cancellation);
            }

            string name = Enumerable.Range(0, int.MaxValue).Select(number => number == 0 ? "_gate" : "_gate" + number).First(taken.Add);
            ChangesOf(first).Gates.Add((first, name, diagnostic.Properties));
            foreach (var site in diagnostic.AdditionalLocations)
            {
                ChangesOf(site).Sites.Add((site, name));
            }
        }

        foreach (var change in changes)
        {
            if (solution.GetDocument(change.Key) is { } document)
            {
                solution = solution.WithDocumentSyntaxRoot(document.Id, change.Value.In(await change.Key.GetRootAsync(cancellation).ConfigureAwait(false)));
            }
        }

        return solution;

        Changes ChangesOf(Location location)
        {
            if (!changes.TryGetValue(location.SourceTree!, out var found))
            {
                changes[location.SourceTree!] = found = new();
            }

            return found;
        }
    }

    // Names of members, inherited ones too, and whatever else the type's code calls something.
    private static HashSet<string> NamesIn(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var names = new HashSet<string>(type.DeclaringSyntaxReferences
            .SelectMany(reference => reference.GetSyntax(cancellation).DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText));
        for (var above = type.BaseType; above is not null; above = above.BaseType)
        {
            names.UnionWith(above.MemberNames);
        }

        return names;
    }

    /// <summary>What changes in one file.</summary>
    private sealed class Changes
    {
        public List<Location> Readonly { get; } = [];

        public List<(Location First, string Name, ImmutableDictionary<string, string?> Properties)> Gates { get; } = [];

        public List<(Location Site, string Name)> Sites { get; } = [];

        public SyntaxNode In(SyntaxNode root)
        {
            var fields = new HashSet<SyntaxNode>(Readonly.Select(location => root.FindNode(location.SourceSpan).FirstAncestorOrSelf<FieldDeclarationSyntax>()).OfType<FieldDeclarationSyntax>());
            var sites = Sites.ToDictionary(site => root.FindNode(site.Site.SourceSpan, getInnermostNodeForTie: true), site => site.Name);
            var hosts = Gates.ToLookup(gate => (SyntaxNode)root.FindNode(gate.First.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>()!);
            return root.ReplaceNodes(fields.Concat(sites.Keys).Concat(hosts.Select(host => host.Key)), (original, rewritten) => (original, rewritten) switch
            {
                (_, FieldDeclarationSyntax field) => WithReadonly(field),
                (TypeDeclarationSyntax, TypeDeclarationSyntax type) => hosts[original].Aggregate(type, (host, gate) => WithGate(host, gate.Name, gate.Properties, root)),
                _ => SyntaxFactory.IdentifierName(sites[original]).WithTriviaFrom(original),
            });
        }

        private static FieldDeclarationSyntax WithReadonly(FieldDeclarationSyntax field)
        {
            var keyword = SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword).WithTrailingTrivia(SyntaxFactory.Space);
            if (field.Modifiers.Count > 0)
            {
                return field.WithModifiers(field.Modifiers.Add(keyword));
            }

            var leading = field.Declaration.GetLeadingTrivia();
            return field.WithDeclaration(field.Declaration.WithoutLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(keyword.WithLeadingTrivia(leading)));
        }

        // Before the first field that is no such gate itself; the blank lines above that stay above, its comments stay with it.
        private static TypeDeclarationSyntax WithGate(TypeDeclarationSyntax type, string name, ImmutableDictionary<string, string?> properties, SyntaxNode root)
        {
            int at = type.Members.IndexOf(member => member is FieldDeclarationSyntax && !IsGate(member));
            at = at < 0 ? type.Members.IndexOf(member => !IsGate(member)) : at;
            var next = type.Members[at];
            var leading = next.GetLeadingTrivia();
            var indentation = leading.LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
            var end = root.DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
            var gate = Gate(name, properties, (CSharpParseOptions)root.SyntaxTree.Options);
            if (indentation == default || end == default)
            {
                return type.WithMembers(type.Members.Insert(at, gate.WithTrailingTrivia(SyntaxFactory.Space)));
            }

            var blank = leading.TakeWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
            bool isFirst = at == 0 || IsGate(type.Members[at - 1]);
            bool wantsBlank = blank.Count == 0 && next is not FieldDeclarationSyntax;
            next = next.WithLeadingTrivia(isFirst ? wantsBlank ? leading.Prepend(end) : leading : leading.Skip(blank.Count));
            gate = gate.WithLeadingTrivia(isFirst ? [indentation] : blank.Append(indentation)).WithTrailingTrivia(end);
            return type.WithMembers(type.Members.Replace(type.Members[at], next).Insert(at, gate));
        }

        private static bool IsGate(MemberDeclarationSyntax member) =>
            member is FieldDeclarationSyntax { Declaration: { Type: var type, Variables: [var variable] } } && variable.Identifier.ValueText.StartsWith("_gate", StringComparison.Ordinal) && type.ToString().Split('.').Last() is "object" or "Lock";

        private static MemberDeclarationSyntax Gate(string name, ImmutableDictionary<string, string?> properties, CSharpParseOptions options)
        {
            string type = properties.ContainsKey(WrongLock.IsLock) ? "global::System.Threading.Lock" : "object";
            string created = options.LanguageVersion >= LanguageVersion.CSharp9 ? "new()" : $"new {type}()";
            string modifiers = properties.ContainsKey(WrongLock.IsStatic) ? "private static readonly" : "private readonly";
            return SyntaxFactory.ParseMemberDeclaration($"{modifiers} {type} {name} = {created};", options: options)!.WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);
        }
    }

    /// <summary>All in a document, project or solution in one go: places in several files may lock one object.</summary>
    private sealed class AllAtOnce : FixAllProvider
    {
        public static AllAtOnce Instance { get; } = new();

        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var found = context.Scope switch
            {
                FixAllScope.Document when context.Document is not null => await context.GetDocumentDiagnosticsAsync(context.Document).ConfigureAwait(false),
                FixAllScope.Project => await context.GetAllDiagnosticsAsync(context.Project).ConfigureAwait(false),
                _ => await InSolution(context).ConfigureAwait(false),
            };
            var all = await Offered(found, context.Solution, context.CancellationToken).ConfigureAwait(false);
            return CodeAction.Create("Lock private readonly objects", cancellation => Mend(context.Solution, all, cancellation), WrongLock.Id);
        }

        private static async Task<ImmutableArray<Diagnostic>> InSolution(FixAllContext context)
        {
            var all = ImmutableArray.CreateBuilder<Diagnostic>();
            foreach (var project in context.Solution.Projects)
            {
                all.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
            }

            return all.ToImmutable();
        }
    }
}
