using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Explore;

/// <content>Our own select: a case is an object that says what it waits for.</content>
internal sealed partial class Translator
{
    private const string Awaited = "on";
    private const string Sent = "sent";

    private static bool IsSelect(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class } named && named.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "SelectAttribute", ContainingNamespace.Name: "Sluice" });

    private Operand? Selecting(IInvocationOperation call)
    {
        if (call.Instance is not { } instance)
        {
            return null;
        }

        var receiver = Value(instance);
        Operand Argument(int at) => Value(call.Arguments[at].Value);
        void Set(Operand on) => _emitter.Emit(new Store(receiver, Awaited, on));

        switch (call.TargetMethod.Name)
        {
            case "Try" when IsSelect(instance.Type):
                return Select(receiver, instance, waits: false);
            case "From" or "On" when call.Arguments.Length > 0:
                Set(Kinds.Of(call.Arguments[0].Value.Type) == Kind.Timer ? Operand.True : Argument(0));
                return Operand.Null;
            case "To" when call.Arguments.Length > 1:
                Set(Argument(0));
                _emitter.Emit(new Store(receiver, Sent, Argument(1)));
                return Operand.Null;
            case "In":
                Effect(call.Arguments[0].Value);
                Set(Operand.True);
                return Operand.Null;
            case "Off":
                Set(Operand.Null);
                return Operand.Null;
            case "Take" when call.Arguments.Length > 0:
                AssignOut(call, Perform(Act.Received, New(to => new Load(to, receiver, Awaited))));
                return Operand.Unknown;
            case "Take":
                return Operand.Unknown;
            default:
                return null;
        }
    }

    private Operand Select(Operand select, IOperation at, bool waits)
    {
        if (at.Type is not INamedTypeSymbol type)
        {
            return Operand.Unknown;
        }

        var arguments = new List<Operand> { Operand.Of(waits ? 0 : 1) };
        foreach (var field in type.OriginalDefinition.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && Kinds.Of(field.Type) == Kind.Case))
        {
            var part = New(to => new Load(to, select, Members.NameOf(field), IsStable: true));
            arguments.Add(Operand.Of(field.Type.Name switch { "Receive" => 0, "Send" => 1, "After" or "Tick" => 2, "Done" => 3, _ => 4 }));
            arguments.Add(New(to => new Load(to, part, Awaited)));
            arguments.Add(field.Type.Name == "Send" ? New(to => new Load(to, part, Sent)) : Operand.Unknown);
        }

        return New(to => new Do(to, Act.Select, arguments.ToImmutableArray()) { Label = At(at, $"await {Short(at.Syntax)}") });
    }
}
