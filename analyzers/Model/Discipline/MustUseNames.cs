using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Discipline;

/// <summary>The names of methods whose results may matter, so that no other call is bound. It may say too much.</summary>
internal sealed class MustUseNames(Compilation compilation)
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "Replace", "ReplaceLineEndings", "Substring", "Insert", "Remove", "Split", "Concat", "Format", "Normalize", "IsNullOrEmpty", "IsNullOrWhiteSpace",
        "Contains", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "Compare", "CompareTo", "ToCharArray",
        "Where", "SelectMany", "Select", "OrderBy", "OrderByDescending", "Order", "OrderDescending", "ThenBy", "ThenByDescending", "Distinct", "DistinctBy", "Union", "Except", "Intersect", "Reverse",
        "Skip", "SkipWhile", "Take", "TakeWhile", "Zip", "Cast", "OfType", "Append", "Prepend", "GroupBy", "Chunk", "AsEnumerable", "DefaultIfEmpty", "Range", "Repeat",
        "SetItem", "SetItems", "Subtract", "Multiply", "Divide", "Negate", "Duration", "Plus", "Minus", "Push", "Pop", "Enqueue", "Dequeue", "Clear",
        "Abs", "Max", "Min", "Round", "Floor", "Ceiling", "Sqrt", "Pow", "Clamp", "Truncate", "Sign",
        "Combine", "Join", "ChangeExtension", "GetExtension", "GetFileName", "GetFileNameWithoutExtension", "GetDirectoryName",
        "Delay", "Yield", "WhenAny", "Wait", "WaitAsync", "WaitOne",
    };

    private static readonly string[] Beginnings = ["With", "Add", "Remove", "Insert", "Trim", "Pad", "To", "From", "Try"];

    // Names that nearly every file has for something else: only beside the words that make them matter.
    private static readonly string[] WordsBesideCollections = ["Immutable", "DateTime", "TimeSpan", "DateOnly", "TimeOnly", "readonly", "record"];

    private readonly ConcurrentDictionary<SyntaxTree, bool> _hasValues = new();
    private readonly Lazy<HashSet<string>> _marked = new(() => Marked(compilation));
    private readonly Lazy<bool> _isMarkedElsewhere = new(() => IsMarkedElsewhere(compilation));

    public static bool IsAttribute(string? name) => name is "PureAttribute" or "MustUseAttribute" or "MustUseReturnValueAttribute";

    public bool MayMatter(InvocationExpressionSyntax call, CancellationToken cancellation) => NameOf(call) is { } name
        && ((Names.Contains(name) && !IsOfCollections(name)) || (IsOfCollections(name) ? HasValues(call.SyntaxTree, cancellation) : BeginsWell(name)) || _marked.Value.Contains(name) || _isMarkedElsewhere.Value);

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsOfCollections(string name) => name is "Add" or "AddRange" or "Push" or "Pop" or "Enqueue" or "Dequeue" or "Clear";

    private static bool BeginsWell(string name) => Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));

    private bool HasValues(SyntaxTree tree, CancellationToken cancellation) => _hasValues.GetOrAdd(tree, _ =>
    {
        string text = tree.GetText(cancellation).ToString();
        return WordsBesideCollections.Any(word => text.IndexOf(word, StringComparison.Ordinal) >= 0);
    });

    // What this compilation marks itself, by name.
    private static HashSet<string> Marked(Compilation compilation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees)
        {
            names.UnionWith(Withers(tree.GetRoot()));
            string text = tree.GetText().ToString();
            if (text.IndexOf("MustUse", StringComparison.Ordinal) >= 0 || text.IndexOf("[Pure", StringComparison.Ordinal) >= 0 || text.IndexOf(", Pure", StringComparison.Ordinal) >= 0)
            {
                names.UnionWith(tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>().Where(attribute => IsAttribute(SimpleName(attribute))).SelectMany(Methods));
            }
        }

        return names;
    }

    // Methods of a type that give another one of it. Bodies are not looked at.
    private static IEnumerable<string> Withers(SyntaxNode root) =>
        from type in root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>()
        from method in type.Members.OfType<MethodDeclarationSyntax>()
        where method.ReturnType is SimpleNameSyntax { Identifier.ValueText: var given } && given == type.Identifier.ValueText && !method.Modifiers.Any(SyntaxKind.StaticKeyword)
        select method.Identifier.ValueText;

    private static string SimpleName(AttributeSyntax attribute)
    {
        string name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        return name.EndsWith("Attribute", StringComparison.Ordinal) ? name : name + "Attribute";
    }

    private static IEnumerable<string> Methods(AttributeSyntax attribute) => attribute.Parent?.Parent switch
    {
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        LocalFunctionStatementSyntax function => [function.Identifier.ValueText],
        TypeDeclarationSyntax type => type.Members.OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.ValueText),
        _ => [],
    };

    // Another project of the same people: then every statement is looked at.
    private static bool IsMarkedElsewhere(Compilation compilation) => compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly => assembly.TypeNames.Contains("MustUseAttribute") || assembly.TypeNames.Contains("MustUseReturnValueAttribute"));
}
