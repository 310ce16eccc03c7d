namespace Peony.Book.Tests.Core;

public sealed class RecalledRecordsTests
{
    private readonly RecalledRecords _recalled = new(most: 4);

    public RecalledRecordsTests() => _recalled.Watch("purses");

    [Fact]
    public void What_was_kept_is_recalled_until_a_frame_changes_it()
    {
        _recalled.Keep("purses", "a", PurseOf("a"), _recalled.Changes);
        _recalled.Keep("purses", "b", PurseOf("b"), _recalled.Changes);
        Assert.NotNull(_recalled.Find("purses", "a"));
        _recalled.Forget([Saved("purses", "a"), Saved("cards", "b")], () => Assert.Null(_recalled.Find("purses", "a")));
        Assert.Null(_recalled.Find("purses", "a"));
        Assert.NotNull(_recalled.Find("purses", "b"));
    }

    [Fact]
    public void What_was_being_read_while_a_frame_came_is_not_kept()
    {
        var before = _recalled.Changes;
        var between = 0L;
        _recalled.Forget([Saved("purses", "a")], () => between = _recalled.Changes);
        _recalled.Keep("purses", "a", PurseOf("a"), before);
        _recalled.Keep("purses", "a", PurseOf("a"), between);
        Assert.Null(_recalled.Find("purses", "a"));
        _recalled.Keep("purses", "a", PurseOf("a"), _recalled.Changes);
        Assert.NotNull(_recalled.Find("purses", "a"));
    }

    [Fact]
    public void A_type_that_is_first_asked_for_while_a_frame_comes_is_not_missed()
    {
        var changes = 0L;
        _recalled.Forget([Saved("cards", "a")], () =>
        {
            _recalled.Watch("cards");
            changes = _recalled.Changes;
        });
        _recalled.Keep("cards", "a", PurseOf("a"), changes);
        Assert.Null(_recalled.Find("cards", "a"));
    }

    [Fact]
    public void What_nobody_asks_for_makes_room()
    {
        foreach (var id in new[] { "a", "b", "c", "d", "e", "f" })
        {
            _recalled.Keep("purses", id, PurseOf(id), _recalled.Changes);
            Assert.NotNull(_recalled.Find("purses", "a"));
        }

        Assert.Null(_recalled.Find("purses", "b"));
    }

    private static Purse PurseOf(string id) => new(new PurseId(id), "lin", null, 0);

    private static RecordOp Saved(string type, string id) => new(type, id, 1, 1, [], []);
}
