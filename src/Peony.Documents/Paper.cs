namespace Peony.Documents;

/// <summary>A document for people on A4: a head, facts, tables and paragraphs in their order. Every text is ready to be read; nothing here knows money, dates or languages.</summary>
/// <param name="Issuer">Who gives it out; in the head of the first page and at the foot of every page.</param>
/// <param name="Subtitle">What the title is about: the period of a statement.</param>
/// <param name="PageText">What stands at the foot of a page, given its number from 1 and how many there are.</param>
internal sealed record Paper(string Issuer, string Title, string Subtitle, IReadOnlyList<PaperPart> Parts, Func<int, int, string> PageText);

internal abstract record PaperPart;

/// <summary>Facts side by side, three in a row, each a small name above its value.</summary>
internal sealed record PaperFacts(IReadOnlyList<(string Name, string Value)> Facts) : PaperPart;

/// <summary>A table. Its column names stand again on every page it goes over.</summary>
/// <param name="Rows">As many cells in each as there are columns. A cell that is too wide goes over several lines.</param>
/// <param name="Sum">The last row, set off from the others; null for none.</param>
internal sealed record PaperTable(string Heading, IReadOnlyList<PaperColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string>? Sum = null) : PaperPart;

/// <param name="Share">Its share of the width, against the shares of the others.</param>
/// <param name="IsAmount">Stands at the right edge.</param>
internal sealed record PaperColumn(string Name, int Share, bool IsAmount = false);

internal sealed record PaperText(string Text) : PaperPart;
