using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Files;

namespace Sluice.Explore;

/// <summary>Where an exploration begins: a method, and how many states it is worth.</summary>
internal readonly record struct Root(IMethodSymbol Method, int Budget);

/// <summary>Where explorations of the code of a type begin.</summary>
internal static class Roots
{
    private const Mentions Concurrent = Mentions.Channel | Mentions.Lock | Mentions.Spawn | Mentions.Async;

    // A root that reaches more code than this is explored a little, or not.
    private const int MostProcedures = 50;

    // The states of one that begins with nothing but what it makes, and of one that begins with an object of which nothing is known.
    private const int Whole = 20_000;
    private const int Partial = 300;

    private static readonly ImmutableHashSet<string> Makers = ImmutableHashSet.Create(
        "CreateBounded", "CreateUnbounded", "SemaphoreSlim", "TaskCompletionSource", "CancellationTokenSource", "CreateLinkedTokenSource", "CountdownEvent", "Barrier", "ManualResetEventSlim", "ManualResetEvent", "AutoResetEvent",
        "ReaderWriterLockSlim", "Thread", "Chan", "WaitGroup", "Group");

    /// <summary>The methods that make what orders code and set something going, so that all who touch it are known; and how many states each is worth.</summary>
    public static IEnumerable<Root> Of(TypeModel type)
    {
        foreach (var body in type.Bodies)
        {
            if ((body.Mentions & Concurrent) != 0 && body.Declaration is MethodDeclarationSyntax declaration && Makes(declaration, declaration.Modifiers.Any(SyntaxKind.StaticKeyword)) && body.Symbol is IMethodSymbol { IsAbstract: false } method)
            {
                var isWhole = method.IsStatic && method.Parameters.All(parameter => IsPlain(parameter.Type));
                yield return new(method.OriginalDefinition, isWhole ? Whole : Partial);
            }
        }
    }

    /// <summary>The procedure that calls the method of a root.</summary>
    public static Procedure Begin(Root root, CompilationModel compilation, CancellationToken cancellation)
    {
        var (method, budget) = root;
        var statics = budget == Whole ? Statics.KnownTo(method, compilation, cancellation) : ImmutableArray<IFieldSymbol>.Empty;
        var named = statics.Select(field => (compilation.Processes.NameOfStatic(field), Translator.DefaultOf(field.Type), HasInitializer(field) ? field : default(object)));
        return Wrappers.Root(method, method.Name, Given(method).ToImmutableArray(), named.ToImmutableArray());

        bool HasInitializer(IFieldSymbol field) => field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer: not null };
    }

    // What nobody can do anything to who begins with it.
    private static bool IsPlain(ITypeSymbol type) => type.SpecialType != SpecialType.None || type.TypeKind is TypeKind.Delegate or TypeKind.Enum || Kinds.Of(type) is Kind.Token or Kind.Harmless
        || (type is IArrayTypeSymbol array && IsPlain(array.ElementType));

    /// <summary>For the receiver and each parameter whether it is an object of the project's own: its fields are unknown, but stay what they are.</summary>
    private static IEnumerable<bool> Given(IMethodSymbol method)
    {
        var parameters = method.Parameters.Select(parameter => parameter.RefKind == RefKind.None && IsOwn(parameter.Type));
        return method.IsStatic ? parameters : parameters.Prepend(IsOwn(method.ContainingType));

        bool IsOwn(ITypeSymbol type) => type.TypeKind == TypeKind.Class && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, method.ContainingAssembly);
    }

    // A static method may make them by way of what it calls.
    private static bool Makes(MethodDeclarationSyntax declaration, bool isStatic) => isStatic || declaration.DescendantNodes().Any(node => node switch
    {
        ObjectCreationExpressionSyntax creation => Makers.Contains(NameOf(creation.Type)),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } => Makers.Contains(name),
        _ => false,
    });

    private static string NameOf(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => NameOf(qualified.Right),
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => string.Empty,
    };

    /// <summary>
    /// How many states to see: none unless somebody waits there, for an object that is made there, while something else runs; few for who is alone, and can only wait for himself.
    /// Code of types that mention nothing concurrent is not looked at.
    /// </summary>
    public static int Worth(Root root, CompilationModel compilation, CancellationToken cancellation)
    {
        var (method, budget) = root;
        var isWhole = budget == Whole;
        var code = compilation.Processes.With(cancellation);
        var seen = new HashSet<object> { method };
        var open = new Queue<object>();
        open.Enqueue(method);
        bool makes = false, waits = false, starts = false;
        while (open.Count > 0)
        {
            if (seen.Count > MostProcedures)
            {
                // So much code would not come to an end, however many states it gets.
                return isWhole && makes && waits && starts ? Partial : 0;
            }

            cancellation.ThrowIfCancellationRequested();
            var key = open.Dequeue();
            foreach (var step in code.Find(key)?.Steps ?? ImmutableArray<Step>.Empty)
            {
                switch (step)
                {
                    case Call call:
                        waits |= call.Waiting is not null;
                        starts |= call is { Mode: CallMode.Plain, Procedure: IMethodSymbol { IsAsync: true } or Procedure { IsAsync: true } };
                        Reach(call.Procedure);
                        break;
                    case MakeDelegate made:
                        Reach(made.Procedure);
                        break;
                    case Load { IfKnown: true, Field: var name } when isWhole && compilation.Processes.Static(name) is { } field:
                        Reach(field);
                        break;
                    case Do act:
                        makes |= act.Act is Act.NewChannel or Act.NewMonitor or Act.NewSemaphore or Act.NewReaderWriterLock or Act.NewEvent or Act.NewCountdown or Act.NewBarrier or Act.NewCompletion or Act.NewCancellation;
                        waits |= Waits(act.Act);
                        starts |= act.Act is Act.Start or Act.StartThread or Act.ContinueWith or Act.Register;
                        break;
                    case Await:
                        waits = true;
                        break;
                }
            }
        }

        return makes && waits && (starts || isWhole) ? (starts ? budget : Partial) : 0;

        void Reach(object key)
        {
            if ((isWhole || key is not IMethodSymbol method || Mentions(method.ContainingType)) && seen.Add(key))
            {
                open.Enqueue(key);
            }
        }

        bool Mentions(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(reference => (SourceFile.Of(reference.SyntaxTree).Mentions(cancellation).In(reference.Span) & Concurrent) != 0);
    }

    private static bool Waits(Act act) => act is Act.Send or Act.WaitToSend or Act.Receive or Act.WaitToReceive or Act.ReceiveOk or Act.Acquire or Act.MonitorWait or Act.AcquireSemaphore
        or Act.EnterRead or Act.EnterWrite or Act.EnterUpgradeable or Act.WaitEvent or Act.WaitCountdown or Act.SignalAndWait or Act.Join or Act.Select;
}
