#pragma warning disable
using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
namespace Sluice.CodeFixes;
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class TmpFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ImmutableArray.Create("SLC9999");
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;
    public override async Task RegisterCodeFixesAsync(CodeFixContext c) {
      var root = await c.Document.GetSyntaxRootAsync();
      var node = root.FindNode(c.Span);
      if (node.IsKind(SyntaxKind.Argument)) return;
      c.RegisterCodeFix(CodeAction.Create("x", _ => Task.FromResult(c.Document.WithSyntaxRoot(root.ReplaceNode(node, SyntaxFactory.IdentifierName("Good").WithTriviaFrom(node)))), "x"), c.Diagnostics);
    }
}
