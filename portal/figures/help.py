"""Help contacts: how they are reached, when they were last checked, which languages they speak."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.names import language_name, number
from languages.sorting import sort_key
from languages.text import current_language
from members.models import RecordQuerySet, SupportContact
from portal.figures.figure import Column, Figure, Row, Shape, not_known

CHANNELS = (*SupportContact.CHANNELS, "address")
QUARTER = timedelta(days=92)
YEAR = timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
# A language that fewer contacts name stands in the table only.
DRAWN_FROM = 2


def counted_contacts() -> RecordQuerySet[SupportContact]:
    """Public contacts of real cities and of countries."""
    contacts = SupportContact.objects.public().real()
    return contacts.filter(Q(city=None) | Q(city__fictional=False))


def _whole() -> str:
    return _("help contacts in cities and countries")


# --- Channels -------------------------------------------------------------------------------------


def contacts_by_channel() -> Figure:
    """How many contacts can be reached in each way."""
    ways = {
        name: Count(
            "pk",
            filter=Q(**{f"{name}__gt": ""}),
        )
        for name in CHANNELS
    }
    is_mute = Q(**dict.fromkeys(CHANNELS, ""))
    counts = counted_contacts().aggregate(
        total=Count("pk"), none=Count("pk", filter=is_mute), **ways
    )
    rows = []
    for name in CHANNELS:
        field = SupportContact._meta.get_field(name)
        label = capfirst(str(field.verbose_name))  # type: ignore[union-attr]
        rows.append(Row(name, label, (counts[name],)))
    rows.append(Row("none", _("None of these"), (counts["none"],)))
    sentence = _("Help contacts: {contacts}; with a telephone number: {with_phone}.")
    language = current_language()
    return Figure(
        name="channels",
        title=_("How help can be reached"),
        sentence=sentence.format(
            contacts=number(counts["total"], language), with_phone=number(counts["phone"], language)
        ),
        reading=_(
            "A contact that can be reached in several ways counts in each of them. The bars "
            "together are therefore more than all contacts."
        ),
        whole=_whole(),
        total=counts["total"],
        head=Column("channel", _("Way")),
        columns=(Column("contacts", _("Help contacts")),),
        rows=tuple(rows),
        shape=Shape.BARS,
        drawn=("contacts",),
        kind="contacts",
        unit="contacts",
    )


# --- Checks ---------------------------------------------------------------------------------------


def contacts_by_check() -> Figure:
    """How many contacts were checked lately, long ago, or never."""
    counts = counted_contacts().aggregate(total=Count("pk"), **_counts_of_checks())
    labels = {
        "quarter": _("in the last three months"),
        "year": _("three months to a year ago"),
        "older": _("more than a year ago"),
        "never": _("never checked here"),
    }
    rows = []
    for key, label in labels.items():
        numbers = (counts[key], counts[f"{key}_wrong"])
        rows.append(Row(key, label, numbers))
    checked = counts["quarter"] + counts["year"]
    sentence = _("Help contacts checked within the last year: {checked} of {contacts}.")
    language = current_language()
    return Figure(
        name="checks",
        title=_("When help contacts were last checked"),
        sentence=sentence.format(
            checked=number(checked, language), contacts=number(counts["total"], language)
        ),
        reading=_(
            "To check means to compare the entry with what the contact itself says. An entry that "
            "was never checked here comes from its source and may still be right."
        ),
        whole=_whole(),
        total=counts["total"],
        head=Column("last_check", _("Last check")),
        columns=(
            Column("contacts", _("Help contacts")),
            Column("found_wrong", _("of these: a visitor found something wrong")),
        ),
        rows=tuple(rows),
        shape=Shape.BARS,
        drawn=("contacts",),
        kind="contacts",
        unit="contacts",
    )


def _counts_of_checks() -> dict[str, Count]:
    """Of each age, all contacts and those that a visitor found wrong since."""
    counts = {}
    for key, condition in _ages(timezone.localdate()).items():
        is_doubted = condition & Q(found_wrong_at__isnull=False)
        counts[key] = Count("pk", filter=condition)
        counts[f"{key}_wrong"] = Count("pk", filter=is_doubted)
    return counts


def _ages(today: date) -> dict[str, Q]:
    is_of_quarter = Q(last_checked_on__gte=today - QUARTER)
    is_of_year = Q(last_checked_on__gte=today - YEAR)
    return {
        "quarter": is_of_quarter,
        "year": is_of_year & Q(last_checked_on__lt=today - QUARTER),
        "older": Q(last_checked_on__lt=today - YEAR),
        "never": Q(last_checked_on=None),
    }


# --- Languages ------------------------------------------------------------------------------------


def contacts_by_language() -> Figure:
    """How many contacts say that they speak each language."""
    counts: Counter[str] = Counter()
    total = unknown = 0
    groups = counted_contacts().values_list("languages").annotate(contacts=Count("pk"))
    for codes, contacts in groups.order_by():
        total += contacts
        unknown += 0 if codes.split() else contacts
        for code in set(codes.split()):
            counts[code] += contacts
    sentence = _("Help contacts of which no source names the languages: {unknown} of {contacts}.")
    language = current_language()
    return Figure(
        name="help-languages",
        title=_("In which languages help is given"),
        sentence=sentence.format(
            unknown=number(unknown, language), contacts=number(total, language)
        ),
        reading=_(
            "A contact counts in each language that it names. Languages of a single contact "
            "stand in the table only."
        ),
        whole=_whole(),
        total=total,
        head=Column("language", pgettext("of a translation", "Language")),
        columns=(Column("contacts", _("Help contacts")),),
        rows=_rows_of_languages(counts, unknown),
        shape=Shape.BARS,
        drawn=("contacts",),
        kind="contacts",
        unit="contacts",
    )


def _rows_of_languages(counts: Counter[str], unknown: int) -> tuple[Row, ...]:
    """The most frequent first; equal numbers in the order of the names; last what is not known."""
    language = current_language()
    rows = []
    for code, contacts in counts.items():
        name = language_name(code, language)
        row = Row(
            key=code,
            label=capfirst(name),
            numbers=(contacts,),
            is_drawn=contacts >= DRAWN_FROM,
        )
        rows.append(row)
    rows.sort(key=lambda row: sort_key(row.label, language))
    rows.sort(
        key=lambda row: row.numbers[0],
        reverse=True,
    )
    last = Row("", not_known(), (unknown,))
    return (*rows, last)
