using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Tour;

/// <summary>
/// The projects to vet, each in one target framework, and those that could not be loaded. The problems are all that restore and MSBuild
/// complained of: most do no harm, so they matter only where a project is missing or does not compile.
/// </summary>
internal sealed record Loaded(Workspace Workspace, IReadOnlyList<Project> Projects, IReadOnlyList<string> Missing, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes) : IDisposable
{
    /// <summary>The files that people wrote: not what the build makes for the compiler.</summary>
    public static IEnumerable<Document> SourcesOf(Project project) =>
        project.Documents.Where(document => document.FilePath?.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) == false);

    public void Dispose() => Workspace.Dispose();
}
