using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A type that says that it may be shared, and what crosses into concurrent code.</summary>
internal sealed class NotSendable : Rule
{
    internal const string Id = "SLC3013";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "State is shared that is not made to be shared",
        "'{0}' {1}",
        Family.Sharing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A type marked [Sendable] may be used by several threads, so all of its state is fixed, guarded or atomic. What is marked [Confined] stays with the code that made it. "
            + "With [assembly: SendableOnly] only what may be shared, or is handed over and not used again, crosses into concurrent code.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Annotation | Mentions.Spawn | Mentions.Async | Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        if ((type.Mentions & Mentions.Annotation) != 0 && type.Symbol.TypeKind == TypeKind.Class && Annotations.Find(type.Symbol, Model.Plumbing.Annotation.Sendable) is not null)
        {
            foreach (var (member, why) in type.Compilation.Sendability.UnprotectedIn(type))
            {
                report(Diagnostic.Create(Descriptor, member.Locations[0], member.Name, $"is state of '{type.Symbol.Name}', which says that it may be shared ([Sendable]), but {why}: make it readonly and of a type that may be shared, guard it with one lock, or make it atomic"));
            }
        }

        var annotations = type.Compilation.Annotations;
        if (annotations.IsSendableOnly || annotations.HasConfined)
        {
            foreach (var (at, name, why) in type.Bodies.SelectMany(body => Crossings(body, type)).GroupBy(crossing => crossing.At).Select(group => group.First()))
            {
                report(Diagnostic.Create(Descriptor, at.GetLocation(), name, $"crosses into concurrent code here, but {why}: hand it over and do not use it again, make it immutable, or mark what protects itself as [Sendable]"));
            }
        }
    }

    private static IEnumerable<(SyntaxNode At, string Name, string Why)> Crossings(Body member, TypeModel type)
    {
        foreach (var detached in Detached.In(member).Where(detached => detached.Fate.Kind != FateKind.Joined))
        {
            foreach (var use in detached.Work.All.SelectMany(body => body.Operations).Where(operation => operation.Syntax.SpanStart >= detached.From))
            {
                if (Crossing(use, detached, type) is { } why)
                {
                    yield return (use.Syntax, NameOf(use), why);
                }
            }
        }

        foreach (var body in member.All)
        {
            foreach (var send in body.Operations.OfType<IInvocationOperation>().Where(call => call.Arguments.Length > 0
                && (type.Known[call.TargetMethod.ContainingType], call.TargetMethod.Name) is (KnownType.ChannelWriter or KnownType.Chan, "WriteAsync" or "TryWrite" or "SendAsync" or "TrySend")))
            {
                var value = send.Arguments[0].Value.Bare();
                if (WhyNot(value, type) is { } why && !IsNew(value) && !IsHandedOver(value, send, body))
                {
                    yield return (value.Syntax, NameOf(value), why);
                }
            }
        }
    }

    private static string? Crossing(IOperation use, Detached detached, TypeModel type)
    {
        bool isCaptured = use switch
        {
            ILocalReferenceOperation { Local: var local } => !IsDeclaredIn(local, detached.Work),
            IParameterReferenceOperation { Parameter: var parameter } => !IsDeclaredIn(parameter, detached.Work),
            IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field.IsConst: false } or IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } => true,
            _ => false,
        };
        if (!isCaptured || use.Parent is INameOfOperation)
        {
            return null;
        }

        if (use is IMemberReferenceOperation { Member: var member })
        {
            return Annotations.IsConfined(member) ? "it is [Confined] to the code that made it"
                : Annotations.Find(member, Model.Plumbing.Annotation.GuardedBy) is not null ? null
                : ConfinedType(use.Type) ?? (type.Compilation.Annotations.IsSendableOnly && !Annotations.IsSendable(type.Symbol) ? type.Compilation.Sendability.UnprotectedIn(type).Where(state => SymbolEqualityComparer.Default.Equals(state.Member, member)).Select(state => state.Why).FirstOrDefault() : null);
        }

        return WhyNot(use, type) is { } why && !IsHandedOver(use, detached.Start, detached.StartedIn) ? why : null;
    }

    private static string? WhyNot(IOperation value, TypeModel type) => ConfinedType(value.Type)
        ?? (type.Compilation.Annotations.IsSendableOnly ? type.Compilation.Sendability.WhyNot(value.Type, type.Cancellation) : null);

    private static string? ConfinedType(ITypeSymbol? type) => type is not null && Annotations.IsConfined(type) ? $"'{type.Name}' is [Confined] to the code that made it" : null;

    private static bool IsDeclaredIn(ISymbol variable, Body work) => variable.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == work.Declaration.SyntaxTree && work.Declaration.Span.Contains(part.Span));

    private static bool IsNew(IOperation value) => value is IObjectCreationOperation or IArrayCreationOperation or IInvocationOperation or IWithOperation or IAwaitOperation || value.IsListing();

    // Made here, given away once, and named by nobody after that; in a loop each round has its own.
    private static bool IsHandedOver(IOperation value, IOperation start, Body body)
    {
        if (ConfinedType(value.Type) is not null || value is not ILocalReferenceOperation { Local: var local } || body.Locals.OnlyValue(local)?.Bare() is not { } made || !IsNew(made))
        {
            return false;
        }

        var loop = start.Syntax.Ancestors().FirstOrDefault(node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);
        return (loop is null || local.DeclaringSyntaxReferences.All(part => loop.Span.Contains(part.Span)))
            && body.UsesOf(local).All(use => use.Use.Syntax.SpanStart < start.Syntax.Span.End);
    }

    private static string NameOf(IOperation value) => value switch
    {
        IMemberReferenceOperation member => member.Member.Name,
        _ => value.InOneLine(),
    };
}
