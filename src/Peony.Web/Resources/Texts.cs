namespace Peony.Web.Resources;

/// <summary>Names the texts of the pages: Texts.resx (English) and Texts.zh-CN.resx beside this file.</summary>
public sealed class Texts;
