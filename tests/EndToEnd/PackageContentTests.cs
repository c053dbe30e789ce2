using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Sluice.EndToEnd;

/// <summary>What is in the package, to the last file, and what its assemblies ask of the compiler that loads them.</summary>
public sealed class PackageContentTests
{
    // The oldest compiler that loads it: Roslyn 4.8, of the .NET 8 SDK and Visual Studio 2022 17.8.
    private static readonly Version Roslyn = new(4, 8, 0, 0);
    private static readonly Version Collections = new(7, 0, 0, 0);

    private static readonly string[] Shipped =
        ["analyzers/dotnet/cs/Sluice.Analyzers.dll", "analyzers/dotnet/cs/Sluice.CodeFixes.dll", "analyzers/dotnet/cs/Sluice.Generators.dll"];

    public static TheoryData<string> Assemblies { get; } = [.. Shipped];

    [Fact]
    public void Holds_exactly_this()
    {
        using var package = ZipFile.OpenRead(Package.File);
        var pages = Directory.GetFiles(Path.Combine(Package.Repository, "analyzers", "Rules"), "*.md").Select(page => "docs/" + Path.GetFileName(page));
        IEnumerable<string> expected =
        [
            "README.md",
            "Sluice.nuspec",
            "[Content_Types].xml",
            "_rels/.rels",
            .. Shipped,
            "build/Sluice.props",
            "build/Sluice.targets",
            "build/presets/Sluice.minimal.globalconfig",
            "build/presets/Sluice.strict.globalconfig",
            .. pages,
            "icon.png",
            "package/services/metadata/core-properties/nuget.psmdcp",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), package.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Says_that_it_is_a_development_dependency_without_dependencies()
    {
        using var package = ZipFile.OpenRead(Package.File);
        using var nuspec = package.GetEntry("Sluice.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        var said = metadata.Elements().ToDictionary(element => element.Name.LocalName);
        Assert.Equal("Sluice", said["id"].Value);
        Assert.Equal(Package.Version, said["version"].Value);
        Assert.Equal("true", said["developmentDependency"].Value);
        Assert.Equal("MIT", said["license"].Value);
        Assert.Equal("icon.png", said["icon"].Value);
        Assert.Equal("README.md", said["readme"].Value);
        Assert.Equal(Package.RepositoryUrl, said["repository"].Attribute("url")!.Value);
        Assert.DoesNotContain("dependencies", said.Keys);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_asks_for_no_more_than_the_floor(string path)
    {
        using var image = Open(path);
        var metadata = image.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName()).ToList();
        Assert.Contains(references, reference => reference.Name == "netstandard");
        Assert.All(references, reference => Assert.True(IsAtTheFloor(reference.Name!, reference.Version!), $"{path} references {reference}"));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_carries_its_symbols(string path)
    {
        using var image = Open(path);
        Assert.Contains(image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        Assert.Contains(image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    private static bool IsAtTheFloor(string name, Version version) => name switch
    {
        "netstandard" => version == new Version(2, 0, 0, 0),
        "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" or "Microsoft.CodeAnalysis.Workspaces" or "Microsoft.CodeAnalysis.CSharp.Workspaces" => version <= Roslyn,
        "System.Collections.Immutable" => version <= Collections,
        "System.Memory" or "System.Buffers" or "System.Runtime.CompilerServices.Unsafe" => version.Major <= 6,
        "Sluice.Analyzers" => true,
        _ => false, // System.Composition above all: each Roslyn brings another version of it
    };

    private static PEReader Open(string path)
    {
        using var package = ZipFile.OpenRead(Package.File);
        using var entry = package.GetEntry(path)!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        bytes.Position = 0;
        return new PEReader(bytes);
    }
}
