using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;

namespace Sluice.Explore;

/// <summary>The static fields of which a root knows all: private ones that only code touches that it reaches.</summary>
internal static class Statics
{
    // A root that reaches more code than this knows of none.
    private const int MostProcedures = 100;

    public static ImmutableArray<IFieldSymbol> KnownTo(IMethodSymbol root, CompilationModel compilation, CancellationToken cancellation)
    {
        var code = compilation.Processes;
        var fields = new List<IFieldSymbol>();
        var seen = new HashSet<object> { root };
        var open = new Queue<object>();
        open.Enqueue(root);
        while (open.Count > 0 && seen.Count <= MostProcedures)
        {
            foreach (var step in code.Find(open.Dequeue(), cancellation)?.Steps ?? ImmutableArray<Step>.Empty)
            {
                var reached = step switch
                {
                    Call call => call.Procedure,
                    MakeDelegate made => made.Procedure,
                    Load { IfKnown: true, Field: var name } => code.Static(name),
                    Store { IfKnown: true, Field: var name } => code.Static(name),
                    _ => null,
                };
                if (reached is not null && seen.Add(reached))
                {
                    open.Enqueue(reached);
                    fields.AddRange(reached is IFieldSymbol field ? [field] : []);
                }
            }
        }

        if (fields.Count == 0 || seen.Count > MostProcedures)
        {
            return ImmutableArray<IFieldSymbol>.Empty;
        }

        var members = new HashSet<SyntaxNode>(seen.OfType<ISymbol>().Select(member => compilation.Owns(member) ? member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) : null).OfType<SyntaxNode>());
        return fields.Where(field => IsPrivate(field) && IsTouchedOnlyIn(members, field, cancellation)).OrderBy(field => field.Locations[0].SourceSpan.Start).ToImmutableArray();
    }

    private static bool IsPrivate(IFieldSymbol field) => field is { DeclaredAccessibility: Accessibility.Private, ContainingType.StaticConstructors.IsEmpty: true } or { DeclaredAccessibility: Accessibility.Private, ContainingType.StaticConstructors: [{ IsImplicitlyDeclared: true }] };

    // Whoever touches it, and whoever in its type calls those.
    private static bool IsTouchedOnlyIn(HashSet<SyntaxNode> members, IFieldSymbol field, CancellationToken cancellation)
    {
        var uses = field.ContainingType.DeclaringSyntaxReferences
            .SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes())
            .OfType<SimpleNameSyntax>()
            .ToLookup(name => name.Identifier.ValueText);
        var names = new List<string> { field.Name };
        for (var i = 0; i < names.Count; i++)
        {
            foreach (var use in uses[names[i]])
            {
                var member = use.Ancestors().FirstOrDefault(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } or PropertyDeclarationSyntax { ExpressionBody: not null } or TypeDeclarationSyntax);
                if (member is null || !(members.Contains(member) || (member is PropertyDeclarationSyntax { ExpressionBody: { } body } && members.Contains(body))))
                {
                    return false;
                }

                if (member is MethodDeclarationSyntax { Identifier.ValueText: var caller } && !names.Contains(caller))
                {
                    names.Add(caller);
                }
            }
        }

        return true;
    }
}
