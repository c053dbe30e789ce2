using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>An async method that waits for what could be cancelled, and that offers its callers no way to do so.</summary>
internal sealed class NoTokenParameter : Rule
{
    internal const string Id = "SLC1001";

    /// <summary>The name of the parameter that the fix adds; the arguments follow by number, one for each additional location.</summary>
    internal const string Parameter = nameof(Parameter);

    private const string Name = "cancellationToken";

    private static readonly string[] Tests = ["Fact", "Theory", "Test", "TestCase", "TestMethod", "DataTestMethod", "SetUp", "TearDown", "OneTimeSetUp", "OneTimeTearDown", "TestInitialize", "TestCleanup", "Benchmark", "GlobalSetup", "GlobalCleanup", "BeforeScenario", "AfterScenario", "Given", "When", "Then"];

    // Something else calls these, with parameters of its own making.
    private static readonly string[] Called = ["Http", "Route", "JSInvokable", "Function", "HubMethodName", "Command", "SlashCommand", "RelayCommand"];

    private static readonly string[] CalledTypes = ["ControllerBase", "Controller", "Hub", "PageModel", "ComponentBase", "ViewComponent", "ModuleBase", "Page", "Window", "UserControl", "ContentPage", "Form", "Control", "ObservableObject", "Grain"];

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Async method without a cancellation token",
        "Callers of '{0}' cannot cancel it, though '{1}' could be cancelled: give it a CancellationToken parameter and pass that on",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A method that waits makes its callers wait. Without a token they wait to the end, even when nobody wants the result any more.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // What tests wait for, their runner ends.
        if (type.Compilation.HasTestFramework)
        {
            return;
        }

        var overloads = new TokenOverloads(type.Known);
        foreach (var body in type.Bodies.Where(body => (body.Mentions & Mentions.Async) != 0))
        {
            if (body.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary, IsAsync: true, ReturnsVoid: false } method || !IsOfCallers(method, type) || method.IsBound() || HasOverload(method, type.Known) || HasTokenNear(method, type))
            {
                continue;
            }

            var calls = Cancellable(body, overloads).ToList();
            if (calls.Count > 0 && method.Locations[0] is { IsInSource: true } location)
            {
                report(Diagnostic.Create(Descriptor, location, calls.Select(call => call.Call.Syntax.GetLocation()), PropertiesFor(method, calls, type), method.Name, calls[0].Call.TargetMethod.Name));
            }
        }
    }

    private static ImmutableDictionary<string, string?>? PropertiesFor(IMethodSymbol method, List<(IInvocationOperation Call, string Argument, int Index)> calls, TypeModel type)
    {
        if (method.Parameters.Any(parameter => parameter.IsParams || parameter.Name == Name) || method.IsHandedOn(type))
        {
            return null;
        }

        var properties = ImmutableDictionary<string, string?>.Empty.Add(Parameter, Name);
        for (int i = 0; i < calls.Count; i++)
        {
            properties = properties.Add(i.ToString(CultureInfo.InvariantCulture), $"{calls[i].Index.ToString(CultureInfo.InvariantCulture)} {calls[i].Argument}");
        }

        return properties;
    }

    private static bool IsOfCallers(IMethodSymbol method, TypeModel type) =>
        IsVisible(method)
        && !method.IsVirtual
        && !Tokens.IsEnding(method)
        && !(method.IsStatic && method.Name == "Main")
        && !IsEventHandler(method, type.Known)
        && !method.GetAttributes().Any(attribute => IsCalled(attribute.AttributeClass?.Name ?? string.Empty))
        && !BasesOf(method.ContainingType).Any(@base => CalledTypes.Contains(@base.Name) || @base.Name.EndsWith("Controller", StringComparison.Ordinal) || @base.Name.EndsWith("ViewModel", StringComparison.Ordinal) || @base.Name.EndsWith("Hub", StringComparison.Ordinal))
        && !type.Symbol.GetAttributes().Concat(type.Symbol.GetMembers().SelectMany(member => member.GetAttributes())).Any(attribute => IsTest(attribute.AttributeClass?.Name ?? string.Empty));

    private static bool IsVisible(ISymbol symbol)
    {
        for (var here = symbol; here is not (null or INamespaceSymbol); here = here.ContainingSymbol)
        {
            if (here.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTest(string attribute) => Tests.Contains(Short(attribute)) || Short(attribute) is "TestClass" or "TestFixture";

    private static bool IsCalled(string attribute) => Called.Any(name => attribute.StartsWith(name, StringComparison.Ordinal));

    private static string Short(string attribute) => attribute.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.Substring(0, attribute.Length - "Attribute".Length) : attribute;

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var @base = type; @base is not null; @base = @base.BaseType)
        {
            yield return @base;
        }
    }

    private static bool IsEventHandler(IMethodSymbol method, KnownTypes known) => method.Parameters.Any(parameter => parameter.Type.Name.EndsWith("EventArgs", StringComparison.Ordinal) || known[parameter.Type] == KnownType.EventArgs);

    // A token that comes by another way: with an argument, or from the object.
    private static bool HasTokenNear(IMethodSymbol method, TypeModel type) =>
        method.Parameters.Any(parameter => Carries(parameter.Type, type) || type.Compilation.TokenCarriedBy(parameter.Type) is not null || parameter.Type.AllInterfaces.Any(implemented => type.Compilation.TokenCarriedBy(implemented) is not null))
        || BasesOf(type.Symbol).SelectMany(@base => @base.GetMembers()).Any(member => (member is IFieldSymbol { Type: var field } && Carries(field, type)) || (member is IPropertySymbol { Type: var property } && Carries(property, type)))
        || type.Symbol.InstanceConstructors.SelectMany(constructor => constructor.Parameters).Any(parameter => Carries(parameter.Type, type));

    private static bool Carries(ITypeSymbol type, TypeModel model) => Tokens.IsToken(type, model.Known) || model.Known[type] == KnownType.CancellationTokenSource;

    // The short form of a method that takes one.
    private static bool HasOverload(IMethodSymbol method, KnownTypes known) =>
        method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other => other.Parameters.Any(parameter => Tokens.IsToken(parameter.Type, known)));

    // A semaphore that the same code gives back is a lock, whose holder is soon done; a channel that it makes is its own business.
    private static bool IsOfTheMethod(IInvocationOperation call, Body body) => body.Compilation.Known[call.TargetMethod.ContainingType] switch
    {
        KnownType.SemaphoreSlim => body.Facts.OfType<LockFact>().Any(fact => fact is { Kind: LockKind.Semaphore, Action: LockAction.Release, Lock: { } given } && given.Equals(body.Places.Of(call.Instance))),
        KnownType.ChannelReader or KnownType.ChannelWriter or KnownType.Chan => body.Places.Of(call.Instance)?.Root.Symbol is ILocalSymbol,
        _ => false,
    };

    // What is awaited right here, could be cancelled, and is given nothing.
    private static IEnumerable<(IInvocationOperation Call, string Argument, int Index)> Cancellable(Body body, TokenOverloads overloads)
    {
        var known = body.Compilation.Known;
        foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(Joins.IsAwaited))
        {
            if (call.Syntax is InvocationExpressionSyntax syntax && !TokenCalls.IsElsewhere(call, known) && !IsOfTheMethod(call, body) && overloads.Target(call, body) is { } target
                && !CleanUp.Contains(call, known) && !TokenCalls.HasToken(call, body.Compilation)
                && TokenCalls.Insertion(syntax, target, "default(global::System.Threading.CancellationToken)", body) is { } insertion)
            {
                yield return (call, insertion.Argument.Replace("default(global::System.Threading.CancellationToken)", Name), insertion.Index);
            }
        }
    }
}
