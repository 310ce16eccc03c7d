namespace Peony.Web.Shared;

/// <summary>What the address names does not exist, or belongs to somebody else: the two look alike.</summary>
internal sealed class PageMissingException() : Exception("There is no such page for this visitor.");
