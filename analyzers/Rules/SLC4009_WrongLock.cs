using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A lock excludes others only when all lock the same object, and protects from strangers only when they cannot reach it.</summary>
internal sealed class WrongLock : Rule
{
    internal const string Id = "SLC4009";

    /// <summary>The property that names the fix.</summary>
    internal const string Fix = nameof(Fix);

    /// <summary>A private object takes the place of the one at the additional locations.</summary>
    internal const string PrivateGate = nameof(PrivateGate);

    /// <summary>The field at the additional location becomes readonly.</summary>
    internal const string MakeReadonly = nameof(MakeReadonly);

    /// <summary>Set when the object is <c>this</c>, which types above and below may lock as well.</summary>
    internal const string IsThis = nameof(IsThis);

    /// <summary>Set when the gate must be static.</summary>
    internal const string IsStatic = nameof(IsStatic);

    /// <summary>Set when the gate can be a System.Threading.Lock.</summary>
    internal const string IsLock = nameof(IsLock);

    // LanguageVersion.CSharp13, the first in which `lock` knows System.Threading.Lock.
    private const int LockStatementKnowsLock = 1300;

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Lock on the wrong object",
        "Lock on {0}: {1}",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock works when everybody locks the same object and nobody else can lock it. 'this', a type and a string are within reach of code that you do not know: it can hold the lock for ever "
            + "or take it in another order. A new object or a boxed value is another one each time and excludes nobody. A field that is replaced lets two threads in at once. Lock a private readonly object.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var bodies = type.Bodies.Where(body => body.Mentions.HasFlag(Mentions.Lock)).ToList();
        var synchronized = bodies.SelectMany(SynchronizedIn).ToList();
        foreach (var (attribute, method) in synchronized)
        {
            report(Diagnostic.Create(Descriptor, attribute.GetLocation(), method.IsStatic ? $"'typeof({method.ContainingType.Name})'" : "'this'", method.IsStatic ? Type : This));
        }

        foreach (var gate in bodies.Where(body => Gate.MayBeWrong(body, type.Symbol)).SelectMany(body => Gate.In(body, type)))
        {
            report(Diagnostic.Create(Descriptor, gate.Syntax.GetLocation(), gate.Name, gate.Why));
        }

        var sites = bodies.Where(body => LockSite.MayBeWrong(body.Declaration, type.Symbol)).SelectMany(body => LockSite.In(body, type)).ToList();
        foreach (var group in sites.Where(site => site.Kind != LockObjectKind.Fine).GroupBy(site => site.Key))
        {
            Check(group.ToImmutableArray(), sites, synchronized.Count > 0, type, report);
        }
    }

    private const string This = "any code that has this object can lock it too, hold it for ever or take it in another order; lock a private readonly object instead";
    private const string Type = "it is one object for the whole process, and any code can lock it too, hold it for ever or take it in another order; lock a private readonly object instead";
    private const string String = "equal strings may be one object in the whole process, or two, so strangers wait for each other or nobody is kept out; lock a private readonly object instead";
    private const string Value = "each time is another object, so nobody is kept out; lock a private readonly object instead";

    private void Check(ImmutableArray<LockSite> group, List<LockSite> all, bool isSynchronized, TypeModel type, Action<Diagnostic> report)
    {
        var first = group[0];
        if (first.Kind == LockObjectKind.Field)
        {
            CheckField(group.Where(site => site.IsAcquire).ToImmutableArray(), type, report);
            return;
        }

        var properties = GateFor(group, all, isSynchronized, type);
        foreach (var site in group.Where(site => site.IsAcquire))
        {
            report(Diagnostic.Create(Descriptor, site.Syntax.GetLocation(), properties is null ? null : group.Select(other => other.Syntax.GetLocation()), properties, NameOf(site), site.Kind switch
            {
                LockObjectKind.This => This,
                LockObjectKind.Type => Type,
                LockObjectKind.String => String,
                _ => Value,
            }));
        }
    }

    private static string NameOf(LockSite site) => site.Kind switch
    {
        LockObjectKind.New => "a new object",
        LockObjectKind.Value => $"the boxed value of '{site.Syntax}'",
        LockObjectKind.String => $"the string '{site.Syntax.ToString().Trim('"')}'",
        _ => $"'{site.Syntax}'",
    };

    private void CheckField(ImmutableArray<LockSite> sites, TypeModel type, Action<Diagnostic> report)
    {
        if (sites.FirstOrDefault() is not { Field: { } field } site)
        {
            return;
        }

        var writes = FieldWrites.Of(field, type.Compilation, type.Cancellation);
        if (writes.Replaced is { } replaced)
        {
            // Another lock guards the field; this one guards the object that the field holds just now.
            if (writes.IsReplacedUnderLock && sites.All(other => FieldWrites.IsUnderOtherLock(other.Syntax, field.Name)))
            {
                return;
            }

            string line = (replaced.GetLineSpan().StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);
            string file = replaced.SourceTree == site.Syntax.SyntaxTree ? string.Empty : $" of {replaced.GetLineSpan().Path.Split('/', '\\').Last()}";
            report(Diagnostic.Create(Descriptor, site.Syntax.GetLocation(), ImmutableArray.Create(replaced), $"'{field.Name}'",
                $"line {line}{file} replaces it, and then two threads can hold two different objects and run at the same time; lock a private readonly object instead"));
        }
        else if (!writes.IsSetOnce)
        {
            var properties = writes.CanBeReadonly ? ImmutableDictionary<string, string?>.Empty.Add(Fix, MakeReadonly) : null;
            report(Diagnostic.Create(Descriptor, site.Syntax.GetLocation(), ImmutableArray.Create(field.Locations[0]), properties, $"'{field.Name}'",
                "it is not readonly" + (writes.IsOpen ? " and other code can reach it" : string.Empty) + ": whoever replaces it lets two threads run at the same time; make it readonly"));
        }
    }

    /// <summary>How the fix replaces the object; null where it cannot.</summary>
    private static ImmutableDictionary<string, string?>? GateFor(ImmutableArray<LockSite> group, List<LockSite> all, bool isSynchronized, TypeModel type)
    {
        var first = group[0];
        bool isStatic = first.Kind == LockObjectKind.Type || (first.Kind != LockObjectKind.This && group.Any(site => site.IsInStatic));
        bool isOwn = first.IsOwn && first.Kind switch
        {
            LockObjectKind.This => !isSynchronized && !all.Any(site => site.Kind is LockObjectKind.Fine or LockObjectKind.Field && IsSameFamily(site.Type, type.Symbol)),
            LockObjectKind.Type => !isSynchronized,
            _ => true,
        };

        // A new instance field would count in a record's equality, not be initialized in a default struct, and be serialized.
        bool canHaveField = type.Parts.All(part => part is TypeDeclarationSyntax) && (isStatic
            ? type.Symbol.TypeKind is TypeKind.Class or TypeKind.Struct
            : type.Symbol is { TypeKind: TypeKind.Class, IsRecord: false, IsSerializable: false });
        if (!isOwn || !canHaveField)
        {
            return null;
        }

        var properties = ImmutableDictionary<string, string?>.Empty.Add(Fix, PrivateGate);
        if (first.Kind == LockObjectKind.This)
        {
            properties = properties.Add(IsThis, "true");
        }

        if (isStatic)
        {
            properties = properties.Add(IsStatic, "true");
        }

        return group.All(site => site.IsLockStatement && !site.Yields) && type.Known.Has(KnownType.Lock) && (int)((CSharpParseOptions)type.Trees[0].Options).LanguageVersion >= LockStatementKnowsLock
            ? properties.Add(IsLock, "true")
            : properties;
    }

    // Another object of the same class may be the same object.
    private static bool IsSameFamily(ITypeSymbol? type, INamedTypeSymbol self)
    {
        for (var above = self; above is { SpecialType: not SpecialType.System_Object }; above = above.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, above.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<(SyntaxNode Attribute, IMethodSymbol Method)> SynchronizedIn(Body body)
    {
        var attributes = body.Declaration switch
        {
            BaseMethodDeclarationSyntax method => method.AttributeLists,
            AccessorDeclarationSyntax accessor => accessor.AttributeLists,
            _ => default,
        };
        var mention = attributes.SelectMany(list => list.Attributes).FirstOrDefault(attribute =>
            attribute.DescendantTokens().Any(token => token.ValueText == "Synchronized"));
        if (mention is not null
            && body.Semantics.GetDeclaredSymbol(body.Declaration) is IMethodSymbol symbol
            && (symbol.MethodImplementationFlags & System.Reflection.MethodImplAttributes.Synchronized) != 0)
        {
            yield return (mention, symbol);
        }
    }
}
