using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Benchmarks;

/// <summary>The source text that is compiled, read once and parsed anew in every compile.</summary>
internal sealed class Code
{
    // Every module of a service is the same templates about another noun: heavy and light differ in which.
    private static readonly string[] Nouns = ["Invoice", "Order", "Customer", "Payment", "Booking", "Ticket", "Contract", "Claim", "Delivery", "Product"];
    private static readonly string[] Kinds = ["Retail", "Partner", "Foreign", "Seasonal", "Internal", "Archived", "Express", "Bulk", "Online", "Managed"];

    private readonly CSharpCompilationOptions _options;

    private Code(string name, IReadOnlyList<(string Path, string Text)> files, IReadOnlyList<MetadataReference> references, IEnumerable<string> symbols)
    {
        Name = name;
        Files = files;
        References = references;
        ParseOptions = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None, preprocessorSymbols: symbols);
        _options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: true,
            deterministic: true).WithSyntaxTreeOptionsProvider(new NoEditorConfig());
    }

    public string Name { get; }

    public IReadOnlyList<(string Path, string Text)> Files { get; }

    public IReadOnlyList<MetadataReference> References { get; }

    public CSharpParseOptions ParseOptions { get; }

    public int Lines => Files.Sum(file => file.Text.Count(character => character == '\n'));

    /// <summary>Gets a value indicating whether the code cannot be emitted, as when packages of a real project are missing.</summary>
    public bool IsBroken { get; private set; }

    public static Code Generate(string mix, int lines)
    {
        if (mix == "locks")
        {
            return new Code(mix, Locks(lines), ReferencesIn(MetadataOf("ReferenceAssemblies")), []);
        }

        var heavy = Templates("Heavy/");
        var light = Templates("Light/");
        var entity = light.Single(template => template.Path == "Light/Parcel.cs");
        light.Remove(entity);
        var files = new List<(string Path, string Text)> { Templates("Platform.cs")[0] };
        int count = 0;
        for (int module = 0; count < lines; module++)
        {
            // Heavy: all that is concurrent and 3 files that are not. Light: all that is not, and 2 of the 15 files of a module that are.
            var chosen = mix == "heavy"
                ? heavy.Concat(Rotate(light, module, 3))
                : light.Concat(Rotate(heavy, module, 2));
            string noun = NounOf(module);
            foreach (var (path, text) in chosen.Prepend(entity))
            {
                string made = text.Replace("Parcel", noun, StringComparison.Ordinal).Replace("parcel", char.ToLowerInvariant(noun[0]) + noun[1..], StringComparison.Ordinal);
                files.Add(($"{noun}/{Path.GetFileName(path).Replace("Parcel", noun, StringComparison.Ordinal)}", made));
                count += made.Count(character => character == '\n');
            }
        }

        return new Code(mix, files, ReferencesIn(MetadataOf("ReferenceAssemblies")), []);
    }

    // The worst case for what follows calls: each method takes its own lock and calls two methods of other types under it, on and on, 8 lines a method.
    private static List<(string Path, string Text)> Locks(int lines)
    {
        const int MethodsOfType = 10;
        const int Ring = 100; // the types of a ring know each other, so that part of the files compiles alone
        int types = Math.Max(lines / (8 * MethodsOfType * Ring), 1) * Ring;
        var files = new List<(string Path, string Text)>();
        for (int type = 0; type < types; type++)
        {
            var text = new StringBuilder($"namespace Locks;\npublic sealed class T{type}\n{{\n    private readonly object _gate = new();\n    private int _count;\n    public static T{type} One {{ get; }} = new();\n");
            for (int method = 0; method < MethodsOfType; method++)
            {
                text.Append($"    public void M{method}(int depth)\n    {{\n        lock (_gate)\n        {{\n            _count += depth;\n            T{Next(type, 1)}.One.M{method}(depth - 1); T{Next(type, 7)}.One.M{(method + 1) % MethodsOfType}(depth - 1);\n        }}\n    }}\n");
            }

            files.Add(($"T{type}.cs", text.Append("}\n").ToString()));
        }

        return files;

        static int Next(int type, int step) => (type / Ring * Ring) + (((type % Ring) + step) % Ring);
    }

    /// <summary>All C# below a folder as one assembly, with global usings as the SDK has them, against the framework only.</summary>
    public static Code Below(string folder)
    {
        string root = Path.GetFullPath(folder);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or ".git"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(path)))
            .Append(("GlobalUsings.cs", "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;\n"))
            .ToList();
        string[] symbols = ["NET", "NETCOREAPP", .. Enumerable.Range(5, 6).Select(version => $"NET{version}_0_OR_GREATER"), "NETCOREAPP3_1_OR_GREATER", "NETSTANDARD2_1_OR_GREATER"];
        return new Code(Path.GetFileName(root), files, ReferencesIn(MetadataOf("ReferenceAssemblies")), symbols);
    }

    public static string MetadataOf(string key) => typeof(Code).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    /// <summary>The first files alone, to warm up with.</summary>
    public Code Part(int files) => new(Name, Files.Take(files).ToList(), References, ParseOptions.PreprocessorSymbolNames) { IsBroken = IsBroken };

    /// <summary>A compilation that shares nothing with any before it but the references.</summary>
    public CSharpCompilation Compile(Contender contender)
    {
        var trees = new SyntaxTree[Files.Count];
        Parallel.For(0, trees.Length, i => trees[i] = CSharpSyntaxTree.ParseText(SourceText.From(Files[i].Text, Encoding.UTF8), ParseOptions, Files[i].Path));
        return CSharpCompilation.Create("Depot", trees, References, OptionsOf(contender));
    }

    public CSharpCompilationOptions OptionsOf(Contender contender) => _options.WithSpecificDiagnosticOptions(contender.Severities);

    public IReadOnlyList<Diagnostic> Errors()
    {
        var errors = Compile(Contender.None).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        IsBroken = errors.Count > 0;
        return errors;
    }

    private static string NounOf(int module)
    {
        string noun = Kinds[(module / Nouns.Length) % Kinds.Length] + Nouns[module % Nouns.Length];
        int lap = module / (Nouns.Length * Kinds.Length);
        return lap == 0 ? noun : noun + lap;
    }

    private static IEnumerable<(string Path, string Text)> Rotate(List<(string Path, string Text)> templates, int module, int count) =>
        Enumerable.Range(module * count, count).Select(i => templates[i % templates.Count]);

    private static List<(string Path, string Text)> Templates(string prefix)
    {
        var assembly = typeof(Code).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            })
            .ToList();
    }

    private static List<MetadataReference> ReferencesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToList();

    /// <summary>csc always has one, and analyzers count on it.</summary>
    private sealed class NoEditorConfig : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) => TryGetGlobalDiagnosticValue(diagnosticId, cancellationToken, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Default;
            return false;
        }
    }
}
