"""Letters about roles in a city: one ends, stays after all, or somebody takes the lead over; and
who else learns of it."""

from django.utils.translation import gettext_lazy as _

from members.wording.kind import ASK, HELLO, LINK, LetterKind

ROLE_LETTERS = {
    "lead_handed_over": LetterKind(
        label=_("The lead: it is handed over"),
        when=_("To the colleague to whom the lead coordinator of a city handed the lead over."),
        subject=_("You lead for {city} from now on"),
        text=(
            HELLO,
            _(
                "{name} has handed the lead for {city} on {portal} over to you. From today on you "
                "also invite colleagues, end their roles and can hand the lead over yourself."
            ),
            _("The lead of {name} ends on {date}. What waits for {city} stands on this page:"),
            LINK,
            ASK,
        ),
        values=("name", "city", "date", "link"),
        needs=("link",),
    ),
    "lead_changed": LetterKind(
        label=_("The lead: others learn that it is handed over"),
        when=_(
            "To the network’s office and to the other lead coordinators of a city, when one of "
            "them handed the lead over."
        ),
        subject=_("{city}: {successor} leads from now on"),
        text=(
            HELLO,
            _(
                "{name} has handed the lead for {city} on {portal} over to {successor}. The lead "
                "of {name} ends on {date}."
            ),
            _("Who works for the city stands on this page:"),
            LINK,
        ),
        values=("name", "successor", "city", "date", "link"),
        needs=("city", "successor"),
    ),
    "lead_gone": LetterKind(
        label=_("The lead: nobody leads any more"),
        when=_(
            "To the network’s office, when the last lead coordinator of a city leaves without a "
            "successor."
        ),
        subject=_("{city}: nobody leads from {date} on"),
        text=(
            HELLO,
            _(
                "{name} has given up the lead for {city} on {portal}. From {date} on nobody leads "
                "for the city, and nobody there can invite colleagues."
            ),
            _("Here you invite somebody:"),
            LINK,
        ),
        values=("name", "city", "date", "link"),
        needs=("city", "link"),
    ),
    "role_ended": LetterKind(
        label=_("A role: somebody ended it"),
        when=_("To whoever had a role in a city that somebody else ended."),
        subject=_("Your role for {city} ends"),
        text=(
            HELLO,
            _(
                "{name} has ended your role for {city} on {portal} ({role}). From {date} on the "
                "pages of the city no longer open for you there."
            ),
            _("What you wrote stays with the city."),
            ASK,
        ),
        values=("name", "role", "city", "date"),
        needs=("city", "date"),
    ),
    "role_stays": LetterKind(
        label=_("A role: its end is taken back"),
        when=_("To whoever read that their role ends, when somebody took the end back."),
        subject=_("Your role for {city} stays"),
        text=(
            HELLO,
            _(
                "We wrote to you that your role for {city} ends ({role}). {name} has taken that "
                "back: you keep the role."
            ),
            ASK,
        ),
        values=("name", "role", "city"),
        needs=("city",),
    ),
}
