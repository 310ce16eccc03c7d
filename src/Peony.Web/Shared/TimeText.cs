using System.Globalization;

namespace Peony.Web.Shared;

/// <summary>Moments as people read them, in the operator's time zone.</summary>
internal static class TimeText
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    /// <summary><c>3月5日 10:07</c>, <c>5 Mar 10:07</c>; with the year when it is not this one.</summary>
    public static string Moment(DateTimeOffset moment, DateTimeOffset now, CultureInfo language)
    {
        var local = Local(moment);
        var isThisYear = local.Year == Local(now).Year;
        var pattern = language.TwoLetterISOLanguageName == "zh"
            ? (isThisYear ? "M月d日 HH:mm" : "yyyy年M月d日 HH:mm")
            : (isThisYear ? "d MMM HH:mm" : "d MMM yyyy HH:mm");
        return local.ToString(pattern, CultureInfo.InvariantCulture);
    }

    public static string Clock(DateTimeOffset moment) => Local(moment).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset moment, CultureInfo language) =>
        Local(moment).ToString(language.TwoLetterISOLanguageName == "zh" ? "yyyy年M月d日" : "d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day, CultureInfo language) => day.ToString(language.TwoLetterISOLanguageName == "zh" ? "yyyy年M月d日" : "d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>To the second and with the offset, for operators and receipts.</summary>
    public static string Exact(DateTimeOffset moment) => Local(moment).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>4:32</c> for what is left of minutes.</summary>
    public static string Left(TimeSpan left)
    {
        var seconds = Math.Max(0, (long)Math.Ceiling(left.TotalSeconds));
        return (seconds / 60).ToString(CultureInfo.InvariantCulture) + ":" + (seconds % 60).ToString("00", CultureInfo.InvariantCulture);
    }

    /// <summary>An age in its largest unit: <c>3 分钟</c>, <c>3 min</c>.</summary>
    public static string Age(TimeSpan age, CultureInfo language)
    {
        var isChinese = language.TwoLetterISOLanguageName == "zh";
        var (number, unit) = age switch
        {
            { TotalDays: >= 1 } => ((long)age.TotalDays, isChinese ? "天" : "d"),
            { TotalHours: >= 1 } => ((long)age.TotalHours, isChinese ? "小时" : "h"),
            { TotalMinutes: >= 1 } => ((long)age.TotalMinutes, isChinese ? "分钟" : "min"),
            _ => ((long)Math.Max(0, age.TotalSeconds), isChinese ? "秒" : "s"),
        };
        return number.ToString(CultureInfo.InvariantCulture) + " " + unit;
    }
}
