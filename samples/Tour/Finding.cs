using Microsoft.CodeAnalysis;

namespace Sluice.Tour;

/// <summary>One report of one rule, and the document that it is about.</summary>
internal sealed record Finding(Project Project, Document? Document, Diagnostic Diagnostic)
{
    public string Id => Diagnostic.Id;

    public string Path => Diagnostic.Location.GetLineSpan().Path ?? string.Empty;

    /// <summary>Gets a value indicating whether Sluice speaks of itself: a rule or an analyzer that threw.</summary>
    public bool IsOurFailure => Id is "AD0001" or "SLC0000";

    public static Finding Of(Project project, Diagnostic diagnostic) => new(project, project.GetDocument(diagnostic.Location.SourceTree), diagnostic);

    /// <summary>As <c>src/Queue.cs:41</c>.</summary>
    public string Place(string root) => Place(Diagnostic.Location, root);

    public static string Place(Location location, string root)
    {
        var span = location.GetLineSpan();
        if (!span.IsValid)
        {
            return "(whole project)";
        }

        var path = System.IO.Path.GetRelativePath(root, span.Path);
        return $"{(path.StartsWith("../..", System.StringComparison.Ordinal) ? span.Path : path)}:{span.StartLinePosition.Line + 1}";
    }
}
