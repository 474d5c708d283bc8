"""What membership costs, and the queue of cities that think about joining."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from languages.names import own_name
from members.admin.confirmation import Statement, StatementPage
from members.editing.admin.base import OwnCityAdmin
from members.forms.candidates import CandidateForm, NotNowForm
from members.models import City, ExpressionOfInterest, FeeBand
from members.requests import user_of
from members.services import interests
from members.services.cities import NewCity
from members.slugs import free_city_slug

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Rows = models.QuerySet[ExpressionOfInterest]


@admin.register(FeeBand)
class FeeBandAdmin(OwnCityAdmin):
    main_fields = (
        "valid_from",
        "valid_to",
        ("population_from", "population_to"),
        ("amount", "currency"),
    )
    list_display = ("__str__", "valid_from", "valid_to", "amount", "currency", "is_published")
    search_fields = ("amount", "currency", "valid_from", "population_from")
    ordering = ("population_from", "amount")


class StateFilter(admin.SimpleListFilter):
    """What an expression of interest waits for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> "list[tuple[str, StrPromise]]":
        return [
            ("waiting", pgettext_lazy("expression of interest", "waiting for an answer")),
            ("unconfirmed", pgettext_lazy("expression of interest", "not confirmed yet")),
            ("answered", pgettext_lazy("expression of interest", "answered")),
        ]

    def queryset(self, request: HttpRequest, queryset: "Rows") -> "Rows":
        conditions = {
            "waiting": Q(answered_at=None, confirmed_at__isnull=False),
            "unconfirmed": Q(answered_at=None, confirmed_at=None),
            "answered": Q(answered_at__isnull=False),
        }
        condition = conditions.get(self.value() or "", Q())
        return queryset.filter(condition)


@admin.register(ExpressionOfInterest)
class ExpressionOfInterestAdmin(OwnCityAdmin):
    """The queue: confirmed ones first, the longest wait on top. Read here, answered by the
    buttons."""

    list_display = ("city_name", "country", "received_at", "waiting", "answer_given")
    list_filter = (StateFilter, "country", "language")
    list_select_related = ("country",)
    search_fields = ("city_name",)
    ordering = ("received_at",)
    actions = None
    readonly_fields = (
        "city_name",
        "country",
        "person_name",
        "office",
        "email",
        "language",
        "message",
        "received_at",
        "confirmed_at",
        "outcome",
        "city",
        "answer",
        "answered_at",
        "answered_by",
        "anonymised_at",
    )

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return [(None, {"fields": self.readonly_fields})]

    def get_queryset(self, request: HttpRequest) -> "Rows":
        rank = Case(
            When(answered_at__isnull=False, then=Value(2)),
            When(confirmed_at=None, then=Value(1)),
            default=Value(0),
        )
        rows: Rows = super().get_queryset(request)
        return rows.annotate(rank=rank)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type:
        return Queue

    # Translators: heading: for how many days somebody has waited
    @admin.display(description=gettext_lazy("waiting"), ordering="received_at")
    def waiting(self, interest: ExpressionOfInterest) -> str:
        if interest.answered_at:
            return ""
        confirmed_at = interest.confirmed_at
        since = confirmed_at or interest.received_at
        wait = timezone.now() - since
        days = wait.days
        words = ngettext("%(days)d day", "%(days)d days", days)
        time = words % {"days": days}
        if confirmed_at:
            return time
        return _("%(time)s, not confirmed yet") % {"time": time}

    # Translators: heading: what became of an expression of interest
    @admin.display(description=gettext_lazy("answer"), ordering="outcome")
    def answer_given(self, interest: ExpressionOfInterest) -> str:
        return interest.get_outcome_display() or pgettext("expression of interest", "none yet")

    def get_urls(self) -> list[URLPattern]:
        name = "members_expressionofinterest"
        own = [
            path(
                "<int:pk>/candidate/",
                self.admin_site.admin_view(self.candidate),
                name=f"{name}_candidate",
            ),
            path(
                "<int:pk>/not-now/",
                self.admin_site.admin_view(self.not_now),
                name=f"{name}_not_now",
            ),
        ]
        return [*own, *super().get_urls()]

    def _for_office(self, request: HttpRequest, pk: int) -> ExpressionOfInterest:
        """The expression. 404 where the person does not see it, 403 where they may not answer."""
        interest = self.get_object(request, str(pk))
        if interest is None or not self.has_change_permission(request, interest):
            raise PermissionDenied
        return cast("ExpressionOfInterest", interest)

    def candidate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One button makes a candidate city with an invited coordinator and a draft of its file."""
        interest = self._for_office(request, pk)
        initial = first_guess(interest)
        form = CandidateForm(
            request.POST or None,
            initial=initial,
            country=interest.country,
        )

        def accept() -> str:
            values = form.cleaned_data
            city = interests.accept(
                interest=interest,
                city=values["city"] or new_city(interest, values),
                email=values["email"],
                language=values["language"],
                by=user_of(request),
            )
            message = _("%(city)s is a candidate now. The invitation is on its way.")
            return message % {"city": city}

        statement = candidacy(interest)
        page = StatementPage(request, self, interest, statement, form, accept)
        return page.answer()

    def not_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer that the city does not become a candidate now, with the reason."""
        interest = self._for_office(request, pk)
        form = NotNowForm(request.POST or None)

        def decline() -> str:
            interests.decline(
                interest=interest,
                why=form.cleaned_data["why"],
                by=user_of(request),
            )
            return _("Answered: not now.")

        statement = refusal(interest)
        page = StatementPage(request, self, interest, statement, form, decline)
        return page.answer()


class Queue(ChangeList):
    """In the order in which the office works through it, unless a heading was pressed."""

    def get_ordering(self, request: HttpRequest, queryset: "Rows") -> list[Any]:
        ordering = list(super().get_ordering(request, queryset))
        if self.params.get("o"):
            return ordering
        return ["rank", *ordering]


def first_guess(interest: ExpressionOfInterest) -> dict[str, object]:
    """What the form begins with: a city of that name and country, else a new one."""
    city = city_named(interest)
    return {
        "city": city.pk if city else None,
        "name": interest.city_name,
        "kind": City.Kind.CITY,
        "slug": free_city_slug(interest.city_name),
        "email": interest.email,
        "language": interest.language,
    }


def city_named(interest: ExpressionOfInterest) -> City | None:
    """A city of that country that has or had this name."""
    cities = City.objects.filter(country=interest.country)
    local = cities.filter(local_name__iexact=interest.city_name)
    other = cities.filter(other_names__name__iexact=interest.city_name)
    return local.first() or other.first()


def new_city(interest: ExpressionOfInterest, values: dict[str, Any]) -> NewCity:
    """A city that is not in the portal, as the form names it."""
    return NewCity(
        name=values["name"],
        country=interest.country,
        language=interest.language,
        kind=values["kind"] or City.Kind.CITY,
        slug=values["slug"],
    )


def facts_of(interest: ExpressionOfInterest) -> list[tuple[str, object]]:
    """What came in, for the page before the answer."""
    names = [interest.person_name, interest.office]
    person = ", ".join(filter(None, names))
    return [
        (_("City"), f"{interest.city_name}, {interest.country}"),
        (_("Person"), person),
        (_("E-mail address"), interest.email),
        (_("Language"), own_name(interest.language)),
        (_("Message"), interest.message or pgettext("message", "none")),
    ]


def candidacy(interest: ExpressionOfInterest) -> Statement:
    """What becoming a candidate means, and what stands against it."""
    warnings = warnings_about(interest)
    return Statement(
        _("Make it a candidate"),
        "" if warnings else _("Make it a candidate"),
        facts_of(interest),
        warnings,
        [
            _("A new city is written down as a draft: nobody sees it until you publish it."),
            _("The person below gets a letter with an invitation to lead the city’s work."),
            _("The city gets a draft of its accession file, in which its people can work."),
        ],
    )


def warnings_about(interest: ExpressionOfInterest) -> list[str]:
    if interest.answered_at:
        return [_("This has been answered already.")]
    if interest.confirmed_at is None:
        return [_("Nobody has confirmed this yet. Wait until the link in the letter was opened.")]
    return []


def refusal(interest: ExpressionOfInterest) -> Statement:
    """What “not now” means; without a button where it was answered before."""
    return Statement(
        _("Answer “not now”"),
        "" if interest.answered_at else _("Answer “not now”"),
        facts_of(interest),
        effects=[_("It leaves the queue. No letter is sent: write to the person yourself.")],
    )
