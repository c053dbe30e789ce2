using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Model.Sharing;

/// <summary>Who calls the members of a type beside its own code.</summary>
internal enum Service
{
    /// <summary>Nobody who is known to use several threads.</summary>
    None,

    /// <summary>The host runs its work, beside everybody who has the object.</summary>
    Hosted,

    /// <summary>There is one object for all requests, and each request runs on its own.</summary>
    Singleton,

    /// <summary>Each request has an object of its own: what they share is static.</summary>
    PerRequest,
}

/// <summary>
/// The types that a host calls from many threads: hosted services, controllers and their like, middleware, and what the program registers as a singleton. Only where
/// `sluice_concurrent_services = true` says so, in an .editorconfig or a preset, for it takes the registration for a promise that the members really run at the same time. Thread-safe.
/// </summary>
internal sealed class Services(CompilationModel compilation, AnalyzerConfigOptionsProvider options)
{
    private const string Option = "sluice_concurrent_services";

    private static readonly string[] Registrations = ["AddSingleton", "TryAddSingleton", "AddKeyedSingleton"];

    private HashSet<ISymbol>? _singletons;

    /// <summary>How the host calls <paramref name="type"/>.</summary>
    public Service Of(INamedTypeSymbol type, SyntaxTree tree, CancellationToken cancellation)
    {
        if (!IsOn(options.GetOptions(tree)) && !IsOn(options.GlobalOptions))
        {
            return Service.None;
        }

        return type.AllInterfaces.Any(implemented => implemented.Name == "IHostedService") ? Service.Hosted
            : IsMiddleware(type) || Singletons(cancellation).Contains(type.OriginalDefinition) ? Service.Singleton
            : Bases(type).Any(above => above.Name is "ControllerBase" or "Hub" or "PageModel" or "ComponentBase") ? Service.PerRequest
            : Service.None;
    }

    private static bool IsOn(AnalyzerConfigOptions options) => options.TryGetValue(Option, out string? value) && string.Equals(value.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var above = type.BaseType; above is not null; above = above.BaseType)
        {
            yield return above;
        }
    }

    // By convention: the next step is given once, each request is a call.
    private static bool IsMiddleware(INamedTypeSymbol type) => type.InstanceConstructors.Any(made => made.Parameters.Any(parameter => parameter.Type.Name == "RequestDelegate"))
        && type.GetMembers().Any(member => member is IMethodSymbol { Name: "Invoke" or "InvokeAsync", Parameters: [{ Type.Name: "HttpContext" }, ..] });

    private HashSet<ISymbol> Singletons(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _singletons) is not { } found)
        {
            found = new(compilation.Compilation.SyntaxTrees.SelectMany(tree => RegisteredIn(tree, cancellation)), SymbolEqualityComparer.Default);
            Volatile.Write(ref _singletons, found);
        }

        return found;
    }

    private IEnumerable<ISymbol> RegisteredIn(SyntaxTree tree, CancellationToken cancellation)
    {
        if (tree.GetText(cancellation).ToString().IndexOf("AddSingleton", StringComparison.Ordinal) < 0 && tree.GetText(cancellation).ToString().IndexOf("AddKeyedSingleton", StringComparison.Ordinal) < 0)
        {
            return [];
        }

        var calls = tree.GetRoot(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } && Registrations.Contains(name));
        return calls.SelectMany(RegisteredBy).Select(made => compilation.SemanticModel(tree).GetTypeInfo(made, cancellation).Type?.OriginalDefinition).OfType<ISymbol>();
    }

    // `AddSingleton<IStore, Store>()`, `AddSingleton(typeof(Store))`, `AddSingleton<IStore>(services => new Store(…))`.
    private static IEnumerable<ExpressionSyntax> RegisteredBy(InvocationExpressionSyntax call)
    {
        var made = call.ArgumentList.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>().Cast<ExpressionSyntax>().Concat(call.ArgumentList.DescendantNodes().OfType<TypeOfExpressionSyntax>().Select(written => written.Type)).ToList();
        return made.Count == 0 && call.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax { TypeArgumentList.Arguments: [.., var last] } } ? [last] : made;
    }
}
