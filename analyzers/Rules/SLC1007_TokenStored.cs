using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>The token of a call that is kept in an object which outlives the call.</summary>
internal sealed class TokenStored : Rule
{
    internal const string Id = "SLC1007";

    // Such objects are the arguments of a call in one piece, or the call itself.
    private static readonly string[] OfCall = ["Context", "Options", "Args", "Request", "Parameters", "Settings", "Message", "Command", "Query", "Item", "Job", "Operation", "State", "Enumerator", "Enumerable", "Iterator", "Exception", "Awaiter", "Registration", "Lease", "Scope"];

    // Names of tokens that say how long the object lives.
    private static readonly string[] Lives = ["session", "life", "shutdown", "stop", "application", "host", "connection", "closed", "dispos"];

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Cancellation token stored in an object",
        "'{0}' keeps the token of the call that set it: later calls of '{1}' end with that call, or go on when they are cancelled themselves; pass a token to each call",
        Family.Context,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A token belongs to one call. Kept in an object that serves many, it cancels the wrong ones, or none.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        if (type.Symbol is not { TypeKind: TypeKind.Class, IsRecord: false, ContainingType: null } || OfCall.Any(ending => type.Symbol.Name.EndsWith(ending, StringComparison.Ordinal)) || IsOfOneCall(type))
        {
            return;
        }

        foreach (var token in CapturedTokens(type))
        {
            report(Diagnostic.Create(Descriptor, token.Locations[0], token.Name, type.Symbol.Name));
        }

        foreach (var member in type.Symbol.GetMembers().Where(member => IsToken(member, type.Known)))
        {
            if (member.Locations[0] is { IsInSource: true } location && (member is IPropertySymbol { SetMethod: { DeclaredAccessibility: not Accessibility.Private, IsInitOnly: false } } ? IsReused(type, null) && IsRead(member, type) : IsSetFromCall(member, type)))
            {
                report(Diagnostic.Create(Descriptor, location, member.Name, type.Symbol.Name));
            }
        }
    }

    // A parameter of the primary constructor that methods look at is a field without a name of its own.
    private static IEnumerable<IParameterSymbol> CapturedTokens(TypeModel type) =>
        from constructor in type.Symbol.InstanceConstructors
        where constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(type.Cancellation) is TypeDeclarationSyntax && IsReused(type, constructor)
        from parameter in constructor.Parameters
        where type.Known[parameter.Type] == KnownType.CancellationToken && !Lives.Any(word => parameter.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0) && parameter.Locations[0].IsInSource
            && type.Bodies.Any(body => body.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } && body.Declaration.DescendantNodes().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name)
                && body.All.SelectMany(part => part.Operations).Any(operation => operation is IParameterReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Parameter, parameter)))
        select parameter;

    // Others fill it in between calls of the object's own methods, which look at it. Where none does, it is an argument in one piece.
    private static bool IsRead(ISymbol property, TypeModel type) => type.Bodies
        .Where(body => body.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsStatic: false, DeclaredAccessibility: Accessibility.Public or Accessibility.Internal } && body.Declaration.DescendantNodes().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == property.Name))
        .SelectMany(body => body.All).SelectMany(body => body.Operations)
        .Any(operation => operation is IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } use && SymbolEqualityComparer.Default.Equals(use.Property, property));

    private static bool IsToken(ISymbol member, KnownTypes known) => member switch
    {
        IFieldSymbol { IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Private } field => known[field.Type] == KnownType.CancellationToken,
        IPropertySymbol { IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true, IsOverride: false } property => known[property.Type] == KnownType.CancellationToken && property.HasField(),
        _ => false,
    };

    // A sequence, an awaitable, a service that is told when the host stops: the object lives no longer than the token. So does one that has a source of its own.
    private static bool IsOfOneCall(TypeModel type) =>
        type.Symbol.AllInterfaces.Any(implemented => implemented.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator" or "INotifyCompletion" or "IHostedService" or "IValueTaskSource")
        || type.Symbol.BaseType is { Name: "Stream" or "BackgroundService" or "Exception" or "EventArgs" or "HttpContent" }
        || type.Symbol.GetMembers().Any(member => member is IFieldSymbol { Type: var kept } && type.Known[kept] == KnownType.CancellationTokenSource);

    // One that only constructors set, from what is not a parameter, is the object's own; a linked or derived one too.
    private static bool IsSetFromCall(ISymbol member, TypeModel type)
    {
        foreach (var body in type.Bodies.Where(body => (body.Mentions & Mentions.Token) != 0 || body.Declaration.Parent?.Parent is VariableDeclarationSyntax).SelectMany(body => body.All))
        {
            // A parameter of the primary constructor.
            if (body.Root is IFieldInitializerOperation { InitializedFields: [var initialized], Value: var value } && SymbolEqualityComparer.Default.Equals(initialized, member)
                && value.Bare() is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol constructor } && IsReused(type, constructor))
            {
                return true;
            }

            foreach (var (assigned, given) in body.Operations.SelectMany(Assignments))
            {
                if (assigned is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } target && SymbolEqualityComparer.Default.Equals(target.Member, member)
                    && given.Bare() is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol setter }
                    && IsReused(type, setter))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // `a = b`, and each of `(a, c) = (b, d)`.
    private static IEnumerable<(IOperation Target, IOperation Value)> Assignments(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation assignment => [(assignment.Target, assignment.Value)],
        IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment when assignment.Value.Bare() is ITupleOperation values => targets.Elements.Zip(values.Elements, (target, value) => (target, value)),
        _ => [],
    };

    // An object that is made for one call has a single thing to do, and knows with what.
    private static bool IsReused(TypeModel type, IMethodSymbol? setter)
    {
        var doing = type.Symbol.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method is { MethodKind: MethodKind.Ordinary, IsStatic: false, DeclaredAccessibility: Accessibility.Public or Accessibility.Internal } && Waits.IsAwaitable(method.ReturnType, type.Known) && !Tokens.IsEnding(method.Name))
            .ToList();
        return setter?.MethodKind == MethodKind.Ordinary || doing.Count > 1 || doing is [{ Parameters.IsEmpty: false }];
    }
}
