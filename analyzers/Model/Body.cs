using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice.Model;

/// <summary>One body of code.</summary>
internal sealed class Body
{
    private Body(SyntaxNode declaration, CompilationModel compilation, CancellationToken cancellation)
    {
        Declaration = declaration;
        Mentions = compilation.Mentions(declaration.SyntaxTree, cancellation).In(declaration.Span);
    }

    public SyntaxNode Declaration { get; }

    public Mentions Mentions { get; }

    public static Body Of(SyntaxNode declaration, CompilationModel compilation, CancellationToken cancellation) => new(declaration, compilation, cancellation);
}
