using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <summary>
/// Translates one method, lambda or local function: a walk over its statements and expressions in the order in which they run. (The flow of <c>Model</c> is not used: it says which
/// operations follow each other, but here the values count, which loops, locks and resources a statement means, and which kind of exception goes where.)
/// What it does not understand is an unknown value, and what goes in there escapes.
/// </summary>
internal sealed partial class Translator
{
    // Deeper code is given up: what calls it knows nothing of it.
    private const int MostDepth = 100;

    private readonly SourceCode _code;
    private readonly Variables _variables;
    private readonly CancellationToken _cancellation;
    private readonly Emitter _emitter = new();
    private readonly Dictionary<ISymbol, int> _registers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, (int Mark, int Scopes)> _targets = new(SymbolEqualityComparer.Default);
    private readonly Stack<Scope> _scopes = new();
    private int _this = -1;
    private int _depth;
    private bool _gaveUp;

    /// <summary>Whether what is returned is awaited here: async, or as good as.</summary>
    private bool _isAsync;
    private bool _awaitsReturned;

    private Translator(SourceCode code, Variables variables, CancellationToken cancellation) => (_code, _variables, _cancellation) = (code, variables, cancellation);

    public static Procedure? OfMethod(SourceCode code, IMethodSymbol method, IOperation root, CancellationToken cancellation)
    {
        var translator = new Translator(code, new Variables(root), cancellation);
        if (!method.IsStatic)
        {
            translator._this = translator._emitter.NewRegister();
        }

        return translator.Build(method, root, method.IsStatic ? 0 : 1);
    }

    public static Procedure? OfInner(SourceCode code, Variables.Inner inner, IOperation operation, CancellationToken cancellation)
    {
        var translator = new Translator(code, inner.Variables, cancellation);
        var captured = inner.Variables.CapturedBy(inner);
        foreach (var item in captured)
        {
            var register = translator._emitter.NewRegister();
            if (item is ISymbol symbol)
            {
                translator._registers[symbol] = register;
            }
            else
            {
                translator._this = register;
            }
        }

        return translator.Build(inner.Symbol, operation, captured.Length);
    }

    public static Procedure OfAutomatic(IMethodSymbol accessor, IPropertySymbol property)
    {
        var name = Members.NameOf(property);
        return accessor.MethodKind == MethodKind.PropertyGet
            ? new(property.Name, 1, 2, ImmutableArray.Create<Step>(new Load(1, Operand.Register(0), name, Members.IsStable(property)) { Next = 1 }, new Return(Operand.Register(1))))
            : new(property.Name, 2, 2, ImmutableArray.Create<Step>(new Store(Operand.Register(0), name, Operand.Register(1)) { Next = 1 }, new Return(Operand.Null)));
    }

    public static Procedure? OfInitializer(SourceCode code, string name, ISymbolInitializerOperation root, CancellationToken cancellation)
    {
        var translator = new Translator(code, new Variables(root), cancellation);
        translator._emitter.Emit(new Return(translator.Value(root.Value)));
        return translator.Finish(name, 0);
    }

    public static Procedure? OfConstructor(SourceCode code, IMethodSymbol constructor, CancellationToken cancellation)
    {
        var declaration = constructor.IsImplicitlyDeclared ? null : constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        var root = declaration is ConstructorDeclarationSyntax ? code.RootAt(declaration, cancellation) as IConstructorBodyOperation : null;
        if (declaration is ConstructorDeclarationSyntax && root is null)
        {
            return null;
        }

        // A constructor is its initializers, that of its base, and its body: what they capture is told apart for each.
        var names = root is null ? null : new Variables(root);
        var translator = new Translator(code, names ?? Variables.None, cancellation);
        translator._this = translator._emitter.NewRegister();
        translator.BindParameters(constructor);
        var chained = root?.Initializer is IExpressionStatementOperation { Operation: IInvocationOperation call } ? call : null;
        var isDelegating = chained is not null && SymbolEqualityComparer.Default.Equals(chained.TargetMethod.ContainingType, constructor.ContainingType);
        if (declaration is TypeDeclarationSyntax)
        {
            foreach (var parameter in constructor.Parameters)
            {
                translator._emitter.Emit(new Store(translator.Self, NameOfCaptured(parameter), Operand.Register(translator._registers[parameter])));
            }
        }

        if (!isDelegating)
        {
            translator.Initialize(constructor.ContainingType);
        }

        if (chained is not null)
        {
            translator.CallConstructor(chained.TargetMethod, translator.Self, translator.Arguments(chained.Arguments));
        }
        else
        {
            translator.CallBase(constructor.ContainingType, declaration);
        }

        foreach (var block in root is null ? [] : new[] { root.BlockBody, root.ExpressionBody }.OfType<IBlockOperation>())
        {
            translator.Run(block);
        }

        translator._emitter.Emit(new Return(Operand.Null));
        return translator.Finish(constructor.ContainingType.Name, 1 + constructor.Parameters.Length);
    }

    private Operand Self => _this >= 0 ? Operand.Register(_this) : Operand.Unknown;

    private Procedure? Build(IMethodSymbol method, IOperation root, int before)
    {
        BindParameters(method);
        var bodies = root switch
        {
            IMethodBodyOperation body => new[] { body.BlockBody, body.ExpressionBody },
            IAnonymousFunctionOperation lambda => [lambda.Body],
            ILocalFunctionOperation local => [local.Body],
            IBlockOperation block => [block],
            _ => [],
        };
        _isAsync = method.IsAsync;
        if (!_isAsync && Kinds.Of(method.ReturnType) == Kind.Task)
        {
            _isAsync = _awaitsReturned = bodies.OfType<IBlockOperation>().All(ReturnsOnlyCalls);
        }

        foreach (var body in bodies.OfType<IBlockOperation>())
        {
            Run(body);
        }

        _emitter.Emit(new Return(Operand.Null));
        return Finish(NameOf(method), before + method.Parameters.Length);
    }

    private Procedure? Finish(string name, int parameters) =>
        _gaveUp || _emitter.IsTooLarge ? null : new Procedure(name, parameters, _emitter.Registers, _emitter.Finish(), _isAsync);

    private static string NameOf(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.AnonymousFunction when method.DeclaringSyntaxReferences.FirstOrDefault() is { } reference => $"the lambda at line {reference.GetSyntax().Line()}",
        MethodKind.AnonymousFunction => "a lambda",
        _ when method.AssociatedSymbol is { } member => member.Name,
        _ => method.Name,
    };

    private void BindParameters(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            _registers[parameter] = _emitter.NewRegister();
        }

        foreach (var parameter in method.Parameters)
        {
            if (_variables.IsBoxed(parameter) && parameter.RefKind is not (RefKind.Ref or RefKind.Out))
            {
                var register = _registers[parameter];
                var box = _emitter.NewRegister();
                _emitter.Emit(new Make(box, Box));
                _emitter.Emit(new Store(Operand.Register(box), Box, Operand.Register(register)));
                _registers[parameter] = box;
            }
        }
    }

    /// <summary>The field in which objects keep the parameter of their primary constructor: for a record, its property.</summary>
    private static string NameOfCaptured(IParameterSymbol parameter) => $"{parameter.ContainingType.Name}.{parameter.Name}";

    private void Initialize(INamedTypeSymbol type)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            foreach (var member in (reference.GetSyntax(_cancellation) as TypeDeclarationSyntax)?.Members ?? default)
            {
                switch (member)
                {
                    case FieldDeclarationSyntax field when !field.Modifiers.Any(modifier => modifier.ValueText is "static" or "const"):
                        foreach (var variable in field.Declaration.Variables)
                        {
                            Initialize(variable.Initializer);
                        }

                        break;
                    case PropertyDeclarationSyntax { Initializer: { } initializer } property when !property.Modifiers.Any(modifier => modifier.ValueText == "static"):
                        Initialize(initializer);
                        break;
                }
            }
        }
    }

    private void Initialize(EqualsValueClauseSyntax? syntax)
    {
        if (syntax is null || _code.RootAt(syntax, _cancellation) is not ISymbolInitializerOperation initializer)
        {
            return;
        }

        var target = initializer switch
        {
            IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
            IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
            _ => default(ISymbol),
        };
        if (target is not null)
        {
            var inner = new Translator(_code, new Variables(initializer), _emitter, _this, _depth, _cancellation);
            _emitter.Emit(new Store(Self, Members.NameOf(target), inner.Value(initializer.Value)));
            _gaveUp |= inner._gaveUp;
        }
    }

    private Translator(SourceCode code, Variables variables, Emitter emitter, int self, int depth, CancellationToken cancellation)
        : this(code, variables, cancellation) => (_emitter, _this, _depth) = (emitter, self, depth);

    // The base of a class without a constructor that says which: with the arguments of the primary constructor, or none.
    private void CallBase(INamedTypeSymbol type, SyntaxNode? declaration)
    {
        if (type is not { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } parent })
        {
            return;
        }

        if ((declaration as TypeDeclarationSyntax)?.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } primary
            && _code.RootAt(primary, _cancellation) is IInvocationOperation call)
        {
            CallConstructor(call.TargetMethod, Self, Arguments(call.Arguments));
        }
        else if (parent.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.IsEmpty) is { } plain)
        {
            CallConstructor(plain, Self, []);
        }
        else
        {
            Escape(Self);
        }
    }

    private void CallConstructor(IMethodSymbol constructor, Operand self, List<Operand> arguments)
    {
        if (_code.Compilation.Owns(constructor))
        {
            _emitter.Emit(new Call(-1, constructor.OriginalDefinition, ImmutableArray.CreateRange(arguments.Prepend(self))));
        }
        else if (constructor.ContainingType.SpecialType != SpecialType.System_Object && Kinds.Of(constructor.ContainingType) is not (Kind.Selector or Kind.Harmless)
            && constructor.ContainingType.Name is not ("Exception" or "EventArgs" or "Attribute"))
        {
            // What a class of a library does with those derived from it is not known.
            Escape([self, .. arguments]);
        }
    }

    private void Escape(params Operand[] values)
    {
        var kept = values.Where(value => value.Kind == OperandKind.Register).ToImmutableArray();
        if (!kept.IsEmpty)
        {
            _emitter.Emit(new Do(-1, Act.Escape, kept));
        }
    }

    private Operand New(Func<int, Step> step, int next = Emitter.Behind)
    {
        var register = _emitter.NewRegister();
        _emitter.Emit(step(register), next);
        return Operand.Register(register);
    }

    private Operand Perform(Act act, params Operand[] arguments) => New(to => new Do(to, act, arguments.ToImmutableArray()));

    private Operand Perform(Label? label, Act act, params Operand[] arguments) => New(to => new Do(to, act, arguments.ToImmutableArray()) { Label = label });

    private void Test(Operand left, Relation relation, Operand right, int yes, int no) => _emitter.Emit(new Test(left, relation, right, no), yes);

    private void Choose(params int[] ways) => _emitter.Emit(new Choose(ways.Skip(1).ToImmutableArray()), ways[0]);

    private void SetTo(Operand register, Operand value) => _emitter.Emit(new Set(register.Number, value));

    private Operand Fresh() => Operand.Register(_emitter.NewRegister());

    /// <summary>Code that is left through what it guards: a finally, the release of a lock, the disposal of a resource.</summary>
    private sealed record Scope(Action CleanUp, ImmutableArray<Handler> Around);
}
