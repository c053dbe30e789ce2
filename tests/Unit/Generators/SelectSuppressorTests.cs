using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Tests.Generators;

public sealed class SelectSuppressorTests
{
    [Theory]
    [InlineData("SA1401")]
    [InlineData("CA1051")]
    public async Task Cases_may_be_public_fields(string id) => Assert.Empty(await Said(id, """
        using Sluice;

        [Select]
        internal sealed partial class Wait
        {
            public readonly Receive<int> Jobs = new();
            public readonly Done Stop = new(), Other = new();
        }
        """));

    [Theory]
    [InlineData("SA1401")]
    [InlineData("CA1051")]
    public async Task Other_fields_may_not(string id) => Assert.Equal(["Count", "Jobs"], await Said(id, """
        using Sluice;

        [Select]
        internal sealed partial class Wait
        {
            public readonly Receive<int> Jobs = new();
            public int Count;
        }

        internal sealed class NoSelect
        {
            public readonly Receive<int> Jobs = new();
        }
        """));

    [Fact]
    public async Task What_is_said_of_other_things_stays() => Assert.Equal(["Count", "Jobs", "Stop"], await Said("CA9999", """
        using Sluice;

        [Select]
        internal sealed partial class Wait
        {
            public readonly Receive<int> Jobs = new();
            public readonly Done Stop = new();
            public int Count;
        }
        """));

    // The fields that are still spoken of, by name.
    private static async Task<IEnumerable<string>> Said(string id, string source)
    {
        var compilation = UnderTest.Compilation(source);
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new PublicFields(id), new SelectSuppressor());
        var said = await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        return said.Where(diagnostic => diagnostic.Id == id && !diagnostic.IsSuppressed).Select(diagnostic => diagnostic.GetMessage()).Order();
    }

#pragma warning disable RS1001, RS1036, RS2008, RS1017, RS1038, RS1041 // it is not to be found: the test makes it
    private sealed class PublicFields(string id) : DiagnosticAnalyzer
    {
        private readonly DiagnosticDescriptor _rule = new(id, id, "{0}", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [_rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol is IFieldSymbol { DeclaredAccessibility: Accessibility.Public, AssociatedSymbol: null, ContainingType.TypeKind: TypeKind.Class } field && !field.Locations[0].SourceTree!.FilePath.EndsWith(".g.cs"))
                    {
                        symbol.ReportDiagnostic(Diagnostic.Create(_rule, field.Locations[0], field.Name));
                    }
                },
                SymbolKind.Field);
        }
    }
}
