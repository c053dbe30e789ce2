namespace Sluice.Generators;

/// <summary>What is generated of one select class, in words: strings only, so that an edit elsewhere changes nothing.</summary>
/// <param name="HintName">The name of the file.</param>
/// <param name="Namespace">The namespace, or empty.</param>
/// <param name="Containers">The heads of the types that it stands in, from the outside in: <c>struct Outer&lt;T&gt;</c>.</param>
/// <param name="Head">Its own name with its type parameters.</param>
/// <param name="Cases">The names of its cases, in order, ready to be written.</param>
/// <param name="IsVisibleOutside">Whether other assemblies see it.</param>
internal sealed record SelectModel(
    string HintName,
    string Namespace,
    EquatableArray<string> Containers,
    string Head,
    EquatableArray<string> Cases,
    bool IsVisibleOutside);
