"""What cities of the network lack: counted over all, listed, and asked for.

Number and list of a gap come from one condition, so that they cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from languages.models import DeskState
from languages.sorting import sort_key
from languages.states import State
from languages.text import current_language
from members.models import (
    Accession,
    Action,
    City,
    CityRole,
    Commitment,
    Evidence,
    Invitation,
    Membership,
    SupportContact,
    Unit,
)
from members.strip import has_evidence

WRITERS = (CityRole.Role.LEAD, CityRole.Role.EDITOR)
LEAD = (CityRole.Role.LEAD,)
# For so long the office reads that the last person of a city went.
NEWS_FOR = timedelta(days=90)
Condition = Q | Exists
Rows = QuerySet[Any]
Roles = tuple[CityRole.Role, ...]


@dataclass(frozen=True)
class Gap:
    """What some cities lack.

    `key`: its name in addresses. `group`: the question to which its number belongs. `words`: what
    these cities do, after their number. `title`: the heading of their list. `condition`: which
    cities they are. `subject`, `question`: what a letter to them says, with {city} for its name.
    `things`, `path`: the rows that are counted beside each city, and the way to it. `to_public`:
    the link of the letter leads to the public page, because nobody there can sign in.
    """

    key: str
    group: str | Promise
    words: Any
    title: str | Promise
    condition: Callable[[], Condition]
    subject: str | Promise
    question: str | Promise
    things: Callable[[], Rows] | None = None
    path: str = "city"
    to_public: bool = False

    def sentence(self, count: int) -> str:
        return str(self.words % {"count": count})

    def cities(self) -> QuerySet[City]:
        return network_cities().filter(self.condition())

    def numbers(self) -> dict[int, int]:
        """How many things each city has that make it one of these, by its key. One query."""
        if self.things is None:
            return {}
        rows = self.things().order_by()
        counts = rows.values_list(self.path).annotate(number=Count("pk", distinct=True))
        return dict(counts)


def network_cities() -> QuerySet[City]:
    """Real cities whose membership is open."""
    memberships = Membership.objects.open()
    own = memberships.filter(city=OuterRef("pk"))
    return City.objects.real().filter(Exists(own))


def by_name(cities: Rows) -> list[City]:
    """In the dictionary order of the reader's language; of cities without a public page, too."""
    language = current_language()
    rows = cities.select_related("country")
    return sorted(rows, key=lambda city: sort_key(str(city), language))


def counts() -> tuple[int, dict[str, int]]:
    """How many cities the network has, and how many of them have each gap. One query."""
    numbers: dict[str, Any] = {}
    for gap in GAPS:
        is_counted = Q(gap.condition())
        numbers[gap.key] = Count("pk", filter=is_counted)
    row = network_cities().aggregate(total=Count("pk"), **numbers)
    total = row.pop("total")
    return total, row


def has(rows: Rows, path: str = "city") -> Exists:
    """Cities with such a row."""
    own = rows.filter(**{path: OuterRef("pk")})
    return Exists(own)


def has_left(city: str = "pk") -> Q:
    """That a city left the network or was excluded, and does not apply anew.

    `city`: the path to its key.
    """
    own = {"city": OuterRef(city)}
    former = Membership.objects.filter(standing__in=Membership.FORMER, **own)
    is_member = Exists(Membership.objects.open().filter(**own))
    applies = Exists(Accession.objects.open().filter(**own))
    return Q(Exists(former)) & ~Q(is_member) & ~Q(applies)


def left_lately() -> QuerySet[City]:
    """Cities that somebody wrote for, or led, until lately. Not former members.

    Nobody does today, and nobody is invited to. `has_writers`: only the lead is gone. `left_on`,
    `lead_left_on`: the first days without; None where the account was switched off.
    """
    rows = City.objects.annotate(
        has_writers=has(_writers()),
        left_on=_end_of(WRITERS),
        lead_left_on=_end_of(LEAD),
    )
    has_lost = _has_lost(WRITERS) | _has_lost(LEAD)
    return rows.filter(
        has_lost,
        ~has_left(),
    )


def _end_of(roles: Roles) -> Subquery:
    """The first day without the last of a city's roles that ended."""
    rows = CityRole.objects.filter(role__in=roles, city=OuterRef("pk"))
    ended = rows.filter(since__lte=timezone.localdate(), until__lte=timezone.localdate())
    return Subquery(ended.order_by("-until").values("until")[:1])


def _has_lost(roles: Roles) -> Q:
    """That the last person with one of these roles went lately, and none is invited to one."""
    today = timezone.localdate()
    own = CityRole.objects.filter(role__in=roles, since__lte=today)
    ended = own.filter(until__lte=today, until__gt=today - NEWS_FOR)
    switched_off = own.current().filter(user__is_active=False)
    holders = own.current().filter(user__is_active=True)
    invited = _invitations().filter(role__in=roles, expires_at__gt=timezone.now())
    is_news = Q(has(ended)) | Q(has(switched_off))
    return is_news & ~Q(has(holders)) & ~Q(has(invited))


# --- The conditions -------------------------------------------------------------------------------


def _writers() -> Rows:
    """Roles of today by which somebody writes for a city."""
    roles = CityRole.objects.current()
    return roles.filter(role__in=WRITERS, user__is_active=True)


def _invitations() -> Rows:
    """Invitations to write for a city that nobody took up, those that ran out as well."""
    rows = Invitation.objects.filter(role__in=WRITERS)
    return rows.filter(accepted_at=None, withdrawn_at=None)


def _has_nobody() -> Condition:
    return ~Q(has(_writers()))


def _never_signed_in() -> Condition:
    guests = _writers().filter(user__last_login__isnull=False)
    is_invited = Q(has(_writers())) | Q(has(_invitations()))
    return is_invited & ~Q(has(guests))


def _has_no_mailbox() -> Condition:
    mailboxes = Unit.objects.public().exclude(email="")
    return ~Q(has(mailboxes))


def _claims() -> Rows:
    return Action.objects.public().claims()


def _stale() -> Rows:
    return Commitment.objects.public().stale(timezone.localdate())


def _late() -> Rows:
    return Action.objects.public().late(timezone.localdate())


def _unproved() -> Rows:
    """What cities say is done, and neither evidence nor a source shows it."""
    own = Action.objects.public().filter(status=Action.Status.DONE, origin=Action.Origin.STATED)
    evidence = Evidence.objects.filter(action=OuterRef("pk"))
    return own.exclude(has_evidence()).exclude(Exists(evidence))


def _promised_nothing() -> Condition:
    promises = Commitment.objects.public().chosen_here()
    return ~Q(has(promises))


def _unchecked() -> Rows:
    return SupportContact.objects.due_for_check(timezone.localdate())


def _names_no_help() -> Condition:
    contacts = SupportContact.objects.public()
    return ~Q(has(contacts))


def _is_untranslated() -> Condition:
    """Public texts that residents cannot read in the city's own language."""
    states = DeskState.objects.filter(
        row__city=OuterRef("pk"),
        row__public=True,
        language=OuterRef("local_language"),
        state__in=(State.MISSING, State.OUTDATED),
    )
    return Exists(states)


# --- The gaps -------------------------------------------------------------------------------------

REACHED = pgettext_lazy("question of the office", "Can we reach them?")
TRUE = pgettext_lazy("question of the office", "Is it true, and is it shown?")
HELP = pgettext_lazy("question of the office", "Does the help lead somewhere?")
ACTIONS = "commitment__city"

GAPS = (
    Gap(
        key="coordinator",
        group=REACHED,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy("has no coordinator", "have no coordinator", "count"),
        title=_("Cities without a coordinator"),
        condition=_has_nobody,
        subject=_("Who looks after the page of {city}?"),
        question=_(
            "{city} has a page on {portal}, and nobody there has an account to look after it. Who "
            "is to do that? Answer this letter with the name and the e-mail address, and we send "
            "an invitation. This is the page:"
        ),
        to_public=True,
    ),
    Gap(
        key="signed-in",
        group=REACHED,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "was invited and never signed in", "were invited and never signed in", "count"
        ),
        title=_("Cities that were invited and never signed in"),
        condition=_never_signed_in,
        subject=_("{city} on {portal}: did the invitation reach you?"),
        question=_(
            "We invited {city} to look after its own page on {portal}, and nobody has signed in "
            "yet. If the invitation is lost or has run out, answer this letter, and we send a new "
            "one. Whoever has a password begins here:"
        ),
    ),
    Gap(
        key="mailbox",
        group=REACHED,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has no public mailbox to which residents could write",
            "have no public mailbox to which residents could write",
            "count",
        ),
        title=_("Cities without a public mailbox"),
        condition=_has_no_mailbox,
        subject=_("Where can residents of {city} write to?"),
        question=_(
            "The page of {city} names no office with an e-mail address, so that residents cannot "
            "write to anybody. Please add one: a shared mailbox stays when people leave. It waits "
            "at the top of your page:"
        ),
    ),
    Gap(
        key="sources",
        group=TRUE,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has not answered what public sources say",
            "have not answered what public sources say",
            "count",
        ),
        title=_("Cities that have not answered what public sources say"),
        condition=lambda: has(_claims(), ACTIONS),
        things=_claims,
        path=ACTIONS,
        subject=_("Is this right about {city}?"),
        question=_(
            "Public sources say what {city} does against racism. The city’s page shows it as “not "
            "confirmed by the city” until you say something about it. One press for each entry is "
            "enough: right, wrong, or correct it."
        ),
    ),
    Gap(
        key="confirmed",
        group=TRUE,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has promises not confirmed for a year",
            "have promises not confirmed for a year",
            "count",
        ),
        title=_("Cities with promises not confirmed for a year"),
        condition=lambda: has(_stale()),
        things=_stale,
        subject=_("Is what {city} promised still true?"),
        question=_(
            "{city} has not confirmed for a year what it promised, and its page says so. Please "
            "read it again. What is still true takes one press:"
        ),
    ),
    Gap(
        key="overdue",
        group=TRUE,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy("has overdue actions", "have overdue actions", "count"),
        title=_("Cities with overdue actions"),
        condition=lambda: has(_late(), ACTIONS),
        things=_late,
        path=ACTIONS,
        subject=_("Actions of {city} are overdue"),
        question=_(
            "The day by which {city} wanted to have something done has passed. Is it done, does it "
            "need more time, or was it stopped? Each of these is one answer:"
        ),
    ),
    Gap(
        key="evidence",
        group=TRUE,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has something done that nothing shows",
            "have something done that nothing shows",
            "count",
        ),
        title=_("Cities with something done that nothing shows"),
        condition=lambda: has(_unproved(), ACTIONS),
        things=_unproved,
        path=ACTIONS,
        subject=_("What shows that {city} did it?"),
        question=_(
            "{city} says that something is done, and nothing on its page shows it yet. A link to a "
            "page, a report or a photograph is enough:"
        ),
    ),
    Gap(
        key="promise",
        group=TRUE,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has promised nothing here yet", "have promised nothing here yet", "count"
        ),
        title=_("Cities that have promised nothing here yet"),
        condition=_promised_nothing,
        subject=_("What does {city} promise?"),
        question=_(
            "The page of {city} does not say yet what the city promises under the points of the "
            "plan. Begin with one point: two sentences are enough, and “we do not work on this” is "
            "an answer, too."
        ),
    ),
    Gap(
        key="contacts",
        group=HELP,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has help contacts that wait to be checked",
            "have help contacts that wait to be checked",
            "count",
        ),
        title=_("Cities with help contacts that wait to be checked"),
        condition=lambda: has(_unchecked()),
        things=_unchecked,
        subject=_("Are the contacts for help in {city} right?"),
        question=_(
            "People who were insulted or refused look on {portal} for somebody in {city} to turn "
            "to. Nobody has checked within the last year whether these contacts are right. Ring "
            "them or look at their website, and say so here:"
        ),
    ),
    Gap(
        key="help",
        group=HELP,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy("names no place to get help", "name no place to get help", "count"),
        title=_("Cities that name no place to get help"),
        condition=_names_no_help,
        subject=_("Where do people in {city} get help?"),
        question=_(
            "The page of {city} names nobody to whom people who were discriminated against can "
            "turn. Is there an office, an association or a telephone line? Please add it:"
        ),
    ),
    Gap(
        key="texts",
        group=HELP,
        # Translators: after a number of cities, which stands before it
        words=ngettext_lazy(
            "has texts that are missing or outdated in its own language",
            "have texts that are missing or outdated in their own language",
            "count",
        ),
        title=_("Cities with texts missing or outdated in their own language"),
        condition=_is_untranslated,
        subject=_("Texts of {city} that its residents cannot read"),
        question=_(
            "The page of {city} has texts that are missing or outdated in the city’s own language. "
            "Your page says which, and leads to where they are translated:"
        ),
    ),
)
GAPS_BY_KEY = {gap.key: gap for gap in GAPS}
