using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Sluice.Benchmarks;

/// <summary>
/// The analyzer driver of csc, which is not public: it runs beside the compile and is fed by it. CompilationWithAnalyzers, which is public, binds
/// every body once more on a compilation of its own, and so would charge analyzers for work that a build does not do.
/// </summary>
internal sealed class CompilerDriver
{
    private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type Driver = Named("AnalyzerDriver");
    private static readonly Type Manager = Named("AnalyzerManager");
    private static readonly Type Filter = Named("SeverityFilter");
    private static readonly MethodInfo Create = Driver.GetMethods(Hidden).Single(method =>
        method.Name == "CreateAndAttachToCompilation" && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Action<Diagnostic>)));

    private readonly object _driver;
    private readonly ConcurrentQueue<Diagnostic> _failures = new();

    public CompilerDriver(Compilation compilation, Contender contender)
    {
        var analyzers = contender.Analyzers;
        object manager = Activator.CreateInstance(Manager, Hidden, null, [analyzers], null)!;

        // What csc does without an error log: rules that are hidden or suggestions are not run.
        object filter = Enum.Parse(Filter, "Hidden, Info");
        Action<Diagnostic> onException = _failures.Enqueue;
        object?[] arguments = [compilation, analyzers, contender.Options, manager, onException, false, filter, false, null, CancellationToken.None];
        _driver = Create.Invoke(null, arguments)!;
        Compilation = (Compilation)arguments[8]!;
    }

    /// <summary>Gets the compilation that feeds the driver.</summary>
    public Compilation Compilation { get; }

    /// <summary>Gets what analyzers threw.</summary>
    public IReadOnlyCollection<Diagnostic> Failures => _failures;

    public ImmutableArray<Diagnostic> Diagnostics()
    {
        var task = (Task<ImmutableArray<Diagnostic>>)Driver.GetMethod("GetDiagnosticsAsync", Hidden)!.Invoke(_driver, [Compilation, CancellationToken.None])!;
        return task.GetAwaiter().GetResult();
    }

    private static Type Named(string name) => typeof(Compilation).Assembly.GetType($"Microsoft.CodeAnalysis.Diagnostics.{name}", throwOnError: true)!;
}
