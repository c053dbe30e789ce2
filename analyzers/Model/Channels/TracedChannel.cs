using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Channels;

/// <summary>
/// One channel of a type and all that is done to it, wherever it can be followed: through locals, private members, parameters and constructors. What cannot be
/// followed is told by <see cref="ReaderEscapes"/> and <see cref="WriterEscapes"/>: others may do anything with that end.
/// </summary>
/// <param name="Name">The name that a person would use for it.</param>
/// <param name="Holder">The local or member that it is made for.</param>
/// <param name="MadeIn">The body that makes it.</param>
/// <param name="Make">How it was made.</param>
/// <param name="Uses">What is done to it.</param>
/// <param name="ReaderEscapes">Whether unknown code may receive.</param>
/// <param name="WriterEscapes">Whether unknown code may send and close.</param>
internal sealed record TracedChannel(string Name, ISymbol Holder, Body MadeIn, ChannelMake Make, ImmutableArray<ChannelUse> Uses, bool ReaderEscapes, bool WriterEscapes)
{
    /// <summary>The channels that the bodies of a type make and name.</summary>
    public static IEnumerable<TracedChannel> In(TypeModel type)
    {
        foreach (var body in type.Bodies.Where(MayMake).SelectMany(body => body.All))
        {
            foreach (var operation in body.Operations)
            {
                if (operation is IInvocationOperation or IObjectCreationOperation && ChannelMake.Of(operation, body) is { } make && HolderOf(operation) is { } holder)
                {
                    yield return new ChannelTracer(type, body).Trace(make, holder);
                }
            }
        }
    }

    // `Chan<int> _jobs = new();` names the type beside the body, and a constructor may do so elsewhere.
    private static bool MayMake(Body body) => (body.Mentions & Mentions.Channel) != 0 || body.Declaration is EqualsValueClauseSyntax or ConstructorDeclarationSyntax;

    /// <summary>Whether an operation, an await perhaps, is about this channel.</summary>
    public bool IsUsedIn(IOperation operation) => Uses.Any(use => operation.Syntax.SyntaxTree == use.Operation.Syntax.SyntaxTree && operation.Syntax.Span.Contains(ReachOf(use)));

    // Of a loop over the channel, what it loops over.
    private static TextSpan ReachOf(ChannelUse use) => use.Operation is IForEachLoopOperation loop ? loop.Collection.Syntax.Span : use.Operation.Syntax.Span;

    private static ISymbol? HolderOf(IOperation creation)
    {
        var value = creation;
        while (value.Parent is IConversionOperation or IPropertyReferenceOperation { Property.Name: "Reader" or "Writer" })
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            IFieldInitializerOperation { InitializedFields: [var field, ..] } => field,
            IPropertyInitializerOperation { InitializedProperties: [var property, ..] } => property,
            ISimpleAssignmentOperation assignment when assignment.Value == value => ChannelTracer.SymbolOf(assignment.Target),
            _ => null,
        };
    }
}
