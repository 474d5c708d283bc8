"""The site where coordinators and the secretariat work."""

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import proof
from members.accession_queue import files_for_committee
from members.editing.unsent import unsent_of
from members.models import City, SupportContact, User
from members.permissions import RIGHTS, sits_in_committee
from members.requests import user_of
from members.views import (
    accounts,
    action_work,
    entry_search,
    kept_forms,
    network,
    office,
    point_work,
    still_true,
    team,
    translations,
    workplace,
)
from members.views.unsent import ask_for_proof, carry_on

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

View = Callable[..., HttpResponse]
# Takes the request, the context of the administration, and what the address names.
WorkView = Callable[..., HttpResponse]

# The front page: what a town hall needs first, in the order of its questions. Every model stands in
# one group.
GROUPS = [
    (
        pgettext_lazy("group of the administration", "Look after the city and its contacts"),
        "members.city members.unit members.supportcontact members.legalact members.document"
        " members.organisation"
        " members.bodytask members.draft",
    ),
    (
        pgettext_lazy("group of the administration", "Say and show what the city does"),
        "members.commitment members.undertaking members.action members.evidence"
        " members.actionupdate members.indicator members.indicatorvalue members.review",
    ),
    (
        pgettext_lazy("group of the administration", "Keep programmes"),
        "programs.programme programs.edition programs.programmeitem programs.editionevent"
        " programs.participation"
        " programs.programmelink programs.grant programs.spending programs.coverage"
        " programs.evaluation",
    ),
    (
        pgettext_lazy("group of the administration", "Publish news and events"),
        "portal.news portal.personaldetail portal.event portal.citypicture portal.example",
    ),
    (
        pgettext_lazy("group of the administration", "Take a city in, hold a vote"),
        "members.expressionofinterest members.accession members.meeting members.membership "
        "members.decision"
        " members.milestone members.committeeseat members.accessionownaction members.feeband",
    ),
    (
        pgettext_lazy("group of the administration", "Give people access"),
        "members.invitation members.cityrole members.user members.accountevent",
    ),
    (
        pgettext_lazy("group of the administration", "Write letters"),
        "members.letter members.lettertext members.reminderstop",
    ),
    (
        pgettext_lazy("group of the administration", "Keep the plan, lists and sources"),
        "members.plan members.point members.suggestedaction members.ground "
        "members.targetgroup members.networktext"
        " members.country members.source members.citation auditlog.logentry",
    ),
]


# In the menu nothing stands beside these to say whose they are.
MENU_NAMES = {
    "members.bodytask": pgettext_lazy("menu", "Tasks of equality bodies"),
    "members.review": pgettext_lazy("menu", "Reviews by the network’s office"),
    "members.accessionownaction": pgettext_lazy("menu", "Own actions in accessions"),
    "programs.participation": pgettext_lazy("menu", "Partners of programmes"),
}

# The coordinators' pages; each has the name of its view.
WORK_PAGES: list[tuple[str, WorkView]] = [
    ("city/<slug:slug>/", workplace.city_work),
    ("city/<slug:slug>/still-true/", still_true.still_true),
    ("city/<slug:slug>/points/<int:number>/", point_work.point_work),
    ("city/<slug:slug>/actions/<int:pk>/", action_work.action_work),
    ("city/<slug:slug>/team/", team.team),
    ("profile/", team.profile),
    ("search/", entry_search.entry_search),
    ("network/", network.network),
    ("network/<slug:gap>/", network.network_gap),
    ("network/<slug:gap>/ask/", network.network_ask),
    ("translations/", translations.translation_desk),
    ("translations/<slug:kind>/<int:pk>/<slug:language>/", translations.side_by_side),
]

# Addresses that show no page of their own: files, and buttons that lead back.
ANSWERS: list[tuple[str, WorkView]] = [
    ("kept/", kept_forms.keep_form),
    ("network/export.<slug:ending>", network.network_export),
    ("network/<slug:gap>/take-back/", network.take_back),
]


class StaffSite(AdminSite):
    """Stock admin in the portal's look; people sign in at one place, and nobody is told of other
    cities."""

    site_title = _("Ten Points")
    site_header = _("Ten Points")
    index_title = _("Your work")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what the table of rights names. Django's own groups play no part here."""
        models = model_or_iterable
        if isinstance(model_or_iterable, type):
            models = [model_or_iterable]
        for model in models:
            label = model._meta.label_lower
            if label in RIGHTS:
                super().register(model, admin_class, **options)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One door: the portal's own sign-in page."""
        front_page = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(front_page)
        team.tell_of_ended_role(request)
        next_page = request.GET.get("next") or front_page
        return redirect_to_login(next_page)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever was signed out in the meantime signs in, and their form is sent then; before an
        important step people show once more that it is they."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if answer := team.answer_former_lead(request):
                return answer
            form = None
            if request.method == "POST" and not self.has_permission(request):
                form = unsent_of(request)
            if form:
                return carry_on(request, form)
            if self.has_permission(request) and proof.is_needed(request):
                return ask_for_proof(request)
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """At stock admin's address, with a form that counts the attempts."""
        request.current_app = self.name
        page = accounts.PasswordChange.as_view(
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        response: HttpResponseBase = page(request)
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The coordinator's pages first. Without stock admin's redirect to any object's page by its
        number: it would tell what exists."""
        urls: list[URLPattern | URLResolver] = []
        for address, view in [*ANSWERS, *WORK_PAGES]:
            page = self._work(view)
            urls.append(path(address, page, name=view.__name__))
        for url in super().get_urls():
            if getattr(url, "name", None) != "view_on_site":
                urls.append(url)
        return urls

    def _work(self, view: WorkView) -> View:
        """A page of the coordinators with the context of the administration."""

        def with_site(request: HttpRequest, **names: Any) -> HttpResponse:
            context = self.each_context(request)
            context["app_list"] = self.get_app_list(request)
            return view(request, context, **names)

        guarded: View = self.admin_view(with_site)
        return guarded

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The front page's groups with the models that this person may open; for one app, stock
        admin's list.

        Put together where it is read: stock admin asks for it on every page, for a side bar that
        no page here has.
        """
        apps: Any = SimpleLazyObject(partial(self._read_app_list, request, app_label))
        groups: list[dict[str, Any]] = apps
        return groups

    def _read_app_list(self, request: HttpRequest, app_label: str | None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        entries = {}
        for app in apps:
            for entry in app["models"]:
                label = entry["model"]._meta.label_lower
                name = MENU_NAMES.get(label, entry["name"])
                entries[label] = {**entry, "name": name}
        groups = []
        for number, (name, labels) in enumerate(GROUPS):
            group = _group(number, name, labels, entries)
            if group["models"]:
                groups.append(group)
        return groups

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever coordinates one city goes to its page; else the person's cities, then what they
        may work on."""
        if page := workplace.own_page(request):
            return page
        user = user_of(request)
        site = {**self.each_context(request), "app_list": self.get_app_list(request)}
        if user.is_secretariat:
            return office.office_desk(request, site)
        if sits_in_committee(user) and not user.city_ids():
            return office.committee_desk(request, site)
        context = {**_front_page(user), **(extra_context or {})}
        return super().index(request, context)


def _group(
    number: int, name: StrPromise, labels: str, entries: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A group in the form of stock admin's apps, with the models that the person may open."""
    return {
        "name": name,
        "app_label": f"group-{number}",
        "app_url": "",
        "has_module_perms": True,
        "models": [entries[label] for label in labels.split() if label in entries],
    }


def _front_page(user: User) -> dict[str, Any]:
    """The person's cities, and what waits for them."""
    cities = City.objects.filter(pk__in=user.city_ids())
    contacts = SupportContact.objects.editable_by(user)
    due = contacts.due_by_reason(timezone.localdate())
    page: dict[str, Any] = {
        "own_cities": cities.select_related("country").order_by("slug"),
        "contacts_due": {reason: rows.count() for reason, rows in due.items()},
    }
    if sits_in_committee(user):
        page["committee_files"] = files_for_committee()
    return page
