using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A ValueTask that is consumed more than once, before it is over, or that is kept.</summary>
internal sealed class ValueTaskTwice : Rule
{
    internal const string Id = "SLC5004";

    /// <summary>What the fix adds behind the expression at the first additional location.</summary>
    internal const string Adapter = nameof(Adapter);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "ValueTask consumed twice or too early",
        "{0}",
        Family.Tasks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A ValueTask may stand for an object that serves another operation as soon as its result was taken. So it is consumed once, when it is over, and by whoever made the call.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.ValueTask | Mentions.Async | Mentions.Result;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // A member that stores one need not name its type.
        var bodies = (type.Mentions & Mentions.ValueTask) != 0 ? type.Bodies.SelectMany(body => body.All) : type.BodiesThatMention(Mentions.Async | Mentions.Result);
        foreach (var body in bodies)
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => IsOnce(call.Type, type.Known) && !IsAdapter(call)))
            {
                if (BlockedOn(call) is { } blocked)
                {
                    Report(blocked, call, "AsTask", "This takes the result before it is there, which a ValueTask does not allow: await it, or block on 'AsTask()'");
                }
                else if (call.Parent is not IInvocationOperation { TargetMethod.Name: "Preserve" } && Fate.Of(call, body.Places) is { Kind: FateKind.Held, Holder: { Symbol: IFieldSymbol or IPropertySymbol } field } && IsOnce(TypeOf(field.Symbol!), type.Known))
                {
                    Report(call, call, "Preserve", $"a ValueTask is consumed once, and '{field}' keeps it for anybody: keep a task, 'AsTask()', or 'Preserve()' it");
                }
            }

            foreach (var store in body.Operations)
            {
                if (SharedBy(store, body) is { } field && !IsTakenOut(field, type))
                {
                    Report(store, null, string.Empty, $"a ValueTask is consumed once, and '{field.Name}' gives the same one to everybody who asks: keep a task, 'AsTask()'");
                }
            }

            foreach (var variable in VariablesOf(body, type.Known))
            {
                CheckVariable(variable.Key, variable.Value, body, Report);
            }
        }

        void Report(IOperation at, IOperation? source, string adapter, string message) => report(Diagnostic.Create(
            Descriptor,
            at.Syntax.GetLocation(),
            source is null ? [] : [source.Syntax.GetLocation()],
            source is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Adapter, adapter),
            message));
    }

    private static void CheckVariable(ISymbol variable, List<IOperation> uses, Body body, Action<IOperation, IOperation?, string, string> report)
    {
        if (body.Locals.IsWrittenByInner(variable) || body.Paths is not { } paths || Place.Of(variable) is not { } place)
        {
            return;
        }

        var consumptions = new List<IOperation>();
        bool asked = false;
        foreach (var use in uses)
        {
            switch (Consumption(use, out bool asks))
            {
                case null when asks:
                    asked = true;
                    break;
                case null:
                    return; // copied: what becomes of it is not known
                case var consumption:
                    consumptions.Add(consumption);
                    break;
            }
        }

        var source = variable is ILocalSymbol local && body.Locals.OnlyValue(local)?.Bare() is IInvocationOperation call ? call : null;
        if (source is not null && IsAdapter(source) && source.TargetMethod.Name == "Preserve")
        {
            return;
        }

        foreach (var second in consumptions)
        {
            var first = consumptions.FirstOrDefault(first => paths.NodesOf(first).Any(from => paths.NodesOf(second).Any(to => paths.FindUnchanged(from, to, place) is not null)));
            if (first is not null)
            {
                string where = first == second ? "in the round before" : $"at line {first.Syntax.Line()}";
                report(second, source is not null && !IsAdapter(source) ? source : null, "Preserve", $"'{variable.Name}' was consumed {where}, and a ValueTask may be consumed once: by now it may stand for another operation");
            }
            else if (!asked && source is not null && IsResult(second))
            {
                report(second, source, "AsTask", $"This takes the result of '{variable.Name}' before it is there, which a ValueTask does not allow: await it, or ask for 'IsCompleted' first");
            }
        }
    }

    private static Dictionary<ISymbol, List<IOperation>> VariablesOf(Body body, KnownTypes known)
    {
        var variables = new Dictionary<ISymbol, List<IOperation>>(SymbolEqualityComparer.Default);
        foreach (var operation in body.Operations)
        {
            ISymbol? variable = operation switch
            {
                ILocalReferenceOperation { IsDeclaration: false, Local: { RefKind: RefKind.None } local } => local,
                IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
                _ => null,
            };
            if (variable is not null && IsOnce(operation.Type, known) && !(operation.Parent is IAssignmentOperation assignment && assignment.Target == operation))
            {
                if (!variables.TryGetValue(variable, out var uses))
                {
                    variables.Add(variable, uses = []);
                }

                uses.Add(operation);
            }
        }

        return variables;
    }

    private static bool IsOnce(ITypeSymbol? type, KnownTypes known) =>
        known[type] is KnownType.ValueTask or KnownType.ValueTaskOfT or KnownType.ConfiguredValueTaskAwaitable or KnownType.ConfiguredValueTaskAwaitableOfT;

    // A dictionary or a Lazy in a field gives the same one to everybody who asks.
    private static IFieldSymbol? SharedBy(IOperation operation, Body body) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "GetOrAdd" or "AddOrUpdate" or "Add" or "TryAdd", Instance: IFieldReferenceOperation { Field: var field } } when Shares(field.Type, body.Compilation.Known) => field,
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: IFieldReferenceOperation { Field: var field } } } when Shares(field.Type, body.Compilation.Known) => field,
        IObjectCreationOperation { Type: { Name: "Lazy" } made } when Shares(made, body.Compilation.Known) && Fate.Of(operation, body.Places) is { Kind: FateKind.Held, Holder.Symbol: IFieldSymbol field } => field,
        _ => null,
    };

    private static bool Shares(ITypeSymbol type, KnownTypes known) => type is INamedTypeSymbol { Name: "Dictionary" or "ConcurrentDictionary" or "IDictionary" or "SortedDictionary" or "Lazy", TypeArguments: { Length: > 0 } arguments } && IsOnce(arguments.Last(), known);

    // What is taken out for good has one owner again.
    private static bool IsTakenOut(IFieldSymbol field, TypeModel type) => type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations)
        .Any(operation => operation is IInvocationOperation { TargetMethod.Name: "Remove" or "TryRemove" or "Clear", Instance: IFieldReferenceOperation { Field: var taken } } && SymbolEqualityComparer.Default.Equals(taken, field));

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static bool IsAdapter(IInvocationOperation call) => call.TargetMethod is { Name: "ConfigureAwait" or "Preserve", ContainingType.Name: "ValueTask" };

    /// <summary>The operation that consumes the value, or null: then it only asks how far it is, or it is not known what happens to it.</summary>
    private static IOperation? Consumption(IOperation use, out bool asks)
    {
        asks = false;
        while (use.Parent is IParenthesizedOperation or IConversionOperation)
        {
            use = use.Parent;
        }

        switch (use.Parent)
        {
            case IAwaitOperation awaiting:
                return awaiting;
            case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configured when configured.Instance == use && configured.Parent is IAwaitOperation awaiting:
                return awaiting;
            case IInvocationOperation { TargetMethod.Name: "GetAwaiter", Parent: IInvocationOperation { TargetMethod.Name: "GetResult" } result }:
                return result;
            case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" or "GetAwaiter" } call when call.Instance == use:
                return call;
            case IPropertyReferenceOperation { Property.Name: "Result" } result:
                return result;
            case IPropertyReferenceOperation:
                asks = true;
                return null;
            case IArgumentOperation { Parent: IInvocationOperation call }:
                return call;
            default:
                return null;
        }
    }

    private static bool IsResult(IOperation consumption) => consumption is IPropertyReferenceOperation or IInvocationOperation { TargetMethod.Name: "GetResult" };

    // `Call().Result`, `Call().GetAwaiter().GetResult()`, ConfigureAwait in between.
    private static IOperation? BlockedOn(IInvocationOperation call)
    {
        IOperation value = call;
        while (value.Parent is IParenthesizedOperation or IInvocationOperation { TargetMethod: { Name: "ConfigureAwait", ContainingType.Name: "ValueTask" } })
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IPropertyReferenceOperation { Property.Name: "Result" } result => result,
            IInvocationOperation { TargetMethod.Name: "GetAwaiter", Parent: IInvocationOperation { TargetMethod.Name: "GetResult" } result } => result,
            _ => null,
        };
    }
}
