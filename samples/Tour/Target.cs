using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Sluice.Tour;

/// <summary>What a path of the user's means: one project or one solution.</summary>
internal static class Target
{
    public static bool IsSolution(string target) => Path.GetExtension(target).ToUpperInvariant() is ".SLN" or ".SLNX";

    public static bool IsProject(string target) => Path.GetExtension(target).Equals(".csproj", StringComparison.OrdinalIgnoreCase);

    public static string At(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return IsSolution(full) || IsProject(full)
                ? full
                : throw new CannotVetException($"'{full}' is neither a C# project (.csproj) nor a solution (.sln, .slnx).");
        }

        return Directory.Exists(full) ? In(full) : throw new CannotVetException($"There is nothing at '{full}'.");
    }

    private static string In(string folder)
    {
        var solutions = Files(folder, IsSolution, SearchOption.TopDirectoryOnly);
        var projects = Files(folder, IsProject, SearchOption.TopDirectoryOnly);
        if (solutions.Count == 1)
        {
            return solutions[0];
        }

        if (solutions.Count == 0 && projects.Count == 1)
        {
            return projects[0];
        }

        var choices = solutions.Concat(projects).ToList();
        if (choices.Count == 0)
        {
            choices = Files(folder, file => IsSolution(file) || IsProject(file), SearchOption.AllDirectories);
        }

        throw new CannotVetException(choices.Count == 0
            ? $"There is no C# in '{folder}': no .csproj, .sln or .slnx in it or below it."
            : $"Which one? '{folder}' holds:{Environment.NewLine}{string.Join(Environment.NewLine, choices.Take(20).Select(choice => "  " + Path.GetRelativePath(folder, choice)))}");
    }

    private static List<string> Files(string folder, Func<string, bool> wanted, SearchOption depth) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = depth == SearchOption.AllDirectories, IgnoreInaccessible = true })
            .Where(wanted).Order(StringComparer.Ordinal).ToList();
}
