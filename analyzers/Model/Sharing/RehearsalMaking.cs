using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Objects: how they are made.</content>
internal sealed partial class Rehearsal
{
    private ImmutableArray<Thing> Create(IObjectCreationOperation creation)
    {
        var arguments = ArgumentsOf(creation.Arguments);
        var made = Created(creation, arguments);
        if (creation.Initializer is { } initializer)
        {
            With(made, () => Eval(initializer));
        }

        return made;
    }

    private ImmutableArray<Thing> Created(IObjectCreationOperation creation, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments)
    {
        var work = arguments.SelectMany(argument => argument.Value).FirstOrDefault(thing => thing.Closure is not null)?.Closure;
        switch (_compilation.Known[creation.Type])
        {
            case KnownType.ThreadingTimer when work is not null:
                return DueOf(creation.Arguments) == Due.Never ? One(new Thing(creation.Type, isKnown: true) { Closure = work, State = StateIn(arguments) }) : Start(work, StateFor(work, arguments), creation.Syntax);
            case KnownType.Thread or KnownType.Task or KnownType.TaskOfT when work is not null:
                return One(new Thing(creation.Type, isKnown: true) { Closure = work });
        }

        if (creation.Type?.Name == "Lazy" && work is not null)
        {
            return One(new Thing(creation.Type) { Closure = work });
        }

        var made = new Thing(creation.Type, isKnown: true) { Permits = PermitsOf(creation), Maker = _frame };
        if (creation.Constructor is { } constructor && creation.Type is { } type && _compilation.IsWrittenHere(type))
        {
            Construct(made, constructor, arguments, creation.Syntax);
        }
        else
        {
            foreach (var (parameter, value) in arguments)
            {
                made.Content.Store(value.SelectMany(thing => thing.Content.Values).ToImmutableArray());
                // A collection copies what it is made from.
                if (parameter.Type.TypeKind != TypeKind.Delegate && creation.Type?.ContainingNamespace?.ToDisplayString() is not ("System.Collections.Generic" or "System.Collections.Concurrent"))
                {
                    made.Content.Store(value.Where(thing => !_compilation.Known[thing.Type].Equals(KnownType.CancellationToken)).ToImmutableArray());
                }
            }
        }

        return One(made);
    }

    // What says how many may enter is hardly ever one.
    private Permits PermitsOf(IObjectCreationOperation creation) => _compilation.Known[creation.Type] is not (KnownType.SemaphoreSlim or KnownType.Semaphore) ? Permits.Unknown
        : creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "initialCount")?.Value.ConstantValue switch
        {
            { HasValue: true, Value: 0 } => Permits.None,
            { HasValue: true, Value: 1 } => Permits.One,
            _ => Permits.Many,
        };

    private enum Due
    {
        AtOnce,
        Later,
        Never,
    }

    // When a timer runs for the first time: `Timeout.Infinite` says that somebody changes it first.
    private static Due DueOf(ImmutableArray<IArgumentOperation> timer) => timer.FirstOrDefault(argument => argument.Parameter?.Name == "dueTime")?.Value.Bare() switch
    {
        { ConstantValue: { HasValue: true, Value: -1 or -1L } } or IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Infinite" } => Due.Never,
        { ConstantValue: { HasValue: true, Value: 0 or 0L or 0u } } or IFieldReferenceOperation { Field.Name: "Zero" } or null => Due.AtOnce,
        _ => Due.Later,
    };

    // Field initializers, then the base, then the constructor.
    private void Construct(Thing made, IMethodSymbol constructor, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, SyntaxNode site)
    {
        var definition = constructor.OriginalDefinition;

        // `: base(…)` of a type of a referenced project leads into files of another compilation.
        if (_frame.Depth >= Deepest || IsTired() || !_compilation.Owns(definition) || !_constructed.Add((made, definition)))
        {
            return;
        }

        if (!_made.ContainsKey(made))
        {
            _made[made] = _strands.Count;
        }

        var declaration = definition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation);
        bool isPrimary = declaration is TypeDeclarationSyntax;
        bool callsThis = declaration is ConstructorDeclarationSyntax { Initializer.ThisOrBaseKeyword.ValueText: "this" };
        if (isPrimary)
        {
            foreach (var (parameter, value) in arguments)
            {
                made.Field(parameter).Store(value);
                if (definition.ContainingType.IsRecord && definition.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
                {
                    made.Field(property).Store(value);
                }
            }
        }

        if (!callsThis)
        {
            InitializeMembers(made, definition.ContainingType, site);
            if (declaration is not ConstructorDeclarationSyntax { Initializer: not null })
            {
                ConstructBase(made, definition.ContainingType, declaration, site);
            }
        }

        if (declaration is ConstructorDeclarationSyntax)
        {
            RunHere(new(definition, null, null, One(made)), arguments, site, awaited: false);
        }
    }

    // The constructor of the base that runs without a word, or that the base list names.
    private void ConstructBase(Thing made, INamedTypeSymbol type, SyntaxNode? declaration, SyntaxNode site)
    {
        if (type.BaseType is not { } above || !_compilation.IsWrittenHere(above))
        {
            return;
        }

        var (given, constructed) = (new List<(IParameterSymbol, ImmutableArray<Thing>)>(), above.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.IsEmpty));
        if (declaration is TypeDeclarationSyntax { BaseList: { } bases } && bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } call
            && _compilation.SemanticModel(call.SyntaxTree).GetOperation(call, _cancellation) is IInvocationOperation { TargetMethod: var target } invocation)
        {
            constructed = target;
            var around = _frame;
            _frame = new(around, site, null, One(made), call);
            given = ArgumentsOf(invocation.Arguments);
            _frame = around;
        }

        if (constructed is not null)
        {
            Construct(made, constructed, given, site);
        }
    }

    private void InitializeMembers(Thing made, INamedTypeSymbol type, SyntaxNode site)
    {
        foreach (var initializer in type.DeclaringSyntaxReferences.SelectMany(reference => MemberBodies.In(reference.GetSyntax(_cancellation))).OfType<EqualsValueClauseSyntax>())
        {
            if (_compilation.SemanticModel(initializer.SyntaxTree).GetOperation(initializer, _cancellation) is not ISymbolInitializerOperation operation)
            {
                continue;
            }

            var symbols = operation switch
            {
                IFieldInitializerOperation fields => fields.InitializedFields.Cast<ISymbol>(),
                IPropertyInitializerOperation properties => properties.InitializedProperties.Cast<ISymbol>(),
                _ => [],
            };
            var frame = _frame;
            _frame = new(frame, site, null, One(made), initializer);
            foreach (var symbol in symbols.Where(symbol => !symbol.IsStatic))
            {
                made.Field(symbol).Store(Eval(operation.Value));
            }

            _frame = frame;
        }
    }
}
