"""Letters that come regularly, and say what waits."""

from django.utils.translation import gettext_lazy as _

from members.wording.kind import HELLO, LINK, LetterKind

STOP = _("You want no such letters any more? Press the button on this page; you need not sign in:")

SUMMARIES = {
    "summary_city": LetterKind(
        label=_("Each month: what waits for a city"),
        when=_(
            "To the people who write for a city, once a month at most, if something waits for the "
            "city."
        ),
        subject=_("What waits for {city}"),
        text=(
            HELLO,
            _("This waits for {city}, the most important first:"),
            "{things}",
            _("All that waits stands on this page:"),
            LINK,
            STOP,
            "{stop}",
        ),
        values=("city", "things", "link", "stop"),
        needs=("things", "stop"),
        replaces=("summary_city",),
        stops=True,
    ),
    "summary_office": LetterKind(
        label=_("Each month: what needs an answer of the office"),
        when=_(
            "To the people of the network’s office, once a month at most, if something needs an "
            "answer."
        ),
        subject=_("What needs an answer of the network’s office"),
        text=(
            HELLO,
            _("This needs an answer, the longest wait first:"),
            "{things}",
            _("All that waits stands on this page:"),
            LINK,
            STOP,
            "{stop}",
        ),
        values=("things", "link", "stop"),
        needs=("things", "stop"),
        replaces=("summary_office",),
        stops=True,
    ),
}
