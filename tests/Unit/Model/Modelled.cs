using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Tests.Model;

/// <summary>The model of a snippet, and how it is written down. In the members of <c>Example</c>, A to D never throw and T may.</summary>
internal static class Modelled
{
    private const string Calls = """
        public partial class Example
        {
            public readonly Lock _lock = new();
            public bool x, y;
            public object? o;
            public static bool A() => true;
            public static bool B() => true;
            public static bool C() => true;
            public static bool D() => true;
            public static bool T() => File.ReadAllText("x").Length > 0;
        }
        """;

    /// <summary>What is known of the compilation, with no option set.</summary>
    public static CompilationModel Of(Compilation compilation) => new(compilation, new AnalyzerOptions([]).AnalyzerConfigOptionsProvider);

    /// <summary>The type <c>Example</c> with these members.</summary>
    public static TypeModel Members(string members) => File($"{Calls}\npublic partial class Example\n{{\n{members}\n}}");

    /// <summary>A type of a whole file.</summary>
    public static TypeModel File(string source, string type = "Example")
    {
        var compilation = UnderTest.Compilation(source);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return TypeModel.Of(compilation.GetTypeByMetadataName(type)!, Of(compilation), CancellationToken.None);
    }

    /// <summary>The method, local function or constructor of that name.</summary>
    public static Body BodyOf(string members, string name = "M") => Members(members).Body(name);

    public static Body Body(this TypeModel type, string name = "M") => type.Bodies.SelectMany(body => body.All).First(body => body.Symbol?.Name == name);

    /// <summary>The first lambda.</summary>
    public static Body Lambda(this Body body) => body.Inner.First(inner => inner.Root is IAnonymousFunctionOperation);

    /// <summary>Every way through a body that takes no step twice: the calls on it and how it ends, <c>exit</c> or <c>raise</c>. In alphabetical order.</summary>
    public static string[] Ways(this Body body)
    {
        var flow = body.Flow!;
        var ways = new SortedSet<string>(StringComparer.Ordinal);
        Walk(flow.Entry, []);
        return [.. ways];

        void Walk(FlowNode node, List<FlowNode> before)
        {
            List<FlowNode> way = [.. before, node];
            if (node == flow.Exit || node == flow.Raise)
            {
                ways.Add(string.Join(' ', way.Select(Word).OfType<string>().Append(node == flow.Exit ? "exit" : "raise")));
                return;
            }

            foreach (var edge in node.Next.Where(edge => !way.Contains(edge.To)))
            {
                Walk(edge.To, way);
            }
        }
    }

    /// <summary>What the body itself does, in order: <c>Monitor Acquire _gate</c>.</summary>
    public static string[] Told(this Body body) => [.. body.Facts.Select(Told)];

    public static string Told(this Fact fact) => fact switch
    {
        LockFact { Lock: var place } taken => $"{taken.Kind} {taken.Action} {place?.ToString() ?? "?"}{(taken.IsScoped ? " scoped" : null)}{(taken.Taken is { } flag ? $" flag {flag}" : null)}",
        ChannelFact channel => $"Channel {channel.Action} {channel.Channel}",
        SpawnFact spawn => $"Spawn {spawn.Kind}{(spawn.IsJoined ? " joined" : null)}",
        _ => fact.ToString(),
    };

    /// <summary>What the calls of the body do through their callees: <c>Give: Monitor Release _gate</c>, with <c>perhaps</c> where it is done on some paths only.</summary>
    public static string[] ToldOfCalls(this Body body) =>
    [
        .. body.Operations
            .SelectMany(operation => body.FactsAt(operation))
            .Where(fact => fact.Via is not null)
            .Select(fact => $"{fact.Via!.Name}: {fact.Told()}{(fact.Always ? null : " perhaps")}"),
    ];

    /// <summary>The node of the call of that name.</summary>
    public static FlowNode At(this Body body, string call) => body.Flow!.Nodes.First(node => Word(node) == call);

    private static string? Word(FlowNode node) => node.Operation switch
    {
        IInvocationOperation call => call.TargetMethod.Name,
        IReturnOperation { Kind: OperationKind.YieldReturn } => "yield",
        _ => null,
    };
}
