"""The site where coordinators and the secretariat work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.accession_queue import accession_queue, files_for_committee, waits_for
from members.editing.unsent import unsent_of
from members.models import City, SupportContact
from members.permissions import RIGHTS, sits_in_committee
from members.views import translations, workplace
from members.views.unsent import carry_on

# The front page: what a town hall needs first, in the order of its questions. Every model stands in
# one group.
GROUPS = [
    (
        pgettext_lazy("group of the administration", "The city and its contacts"),
        "members.city members.unit members.supportcontact members.legalact members.document"
        " members.organisation"
        " members.bodytask members.draft",
    ),
    (
        pgettext_lazy("group of the administration", "What the city promised and did"),
        "members.commitment members.action members.evidence members.actionupdate members.indicator"
        " members.indicatorvalue members.review",
    ),
    (
        pgettext_lazy("group of the administration", "Programmes"),
        "programs.programme programs.edition programs.programmeitem programs.editionevent"
        " programs.participation"
        " programs.programmelink programs.grant programs.spending programs.coverage"
        " programs.evaluation",
    ),
    (pgettext_lazy("group of the administration", "News and events"), "portal.news portal.event"),
    (
        pgettext_lazy("group of the administration", "Membership"),
        "members.expressionofinterest members.accession members.meeting members.membership "
        "members.decision"
        " members.milestone members.committeeseat members.accessionownaction members.feeband",
    ),
    (
        pgettext_lazy("group of the administration", "People"),
        "members.invitation members.cityrole members.user",
    ),
    (
        pgettext_lazy("group of the administration", "Letters"),
        "members.letter members.lettertext members.reminderstop",
    ),
    (
        pgettext_lazy("group of the administration", "The plan, lists and sources"),
        "members.plan members.point members.suggestedaction members.ground "
        "members.targetgroup members.networktext"
        " members.country members.source members.citation auditlog.logentry",
    ),
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
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        for model in models:
            if model._meta.label_lower in RIGHTS:
                super().register(model, admin_class, **options)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One door: the portal's own sign-in page."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Whoever was signed out in the meantime signs in, and what they typed is sent then."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            signed_out = request.method == "POST" and not self.has_permission(request)
            typed = unsent_of(request) if signed_out else None
            return carry_on(request, typed) if typed else inner(request, *args, **kwargs)

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The coordinator's pages first. Without stock admin's redirect to any object's page by its
        number: it would tell what exists."""
        work = [
            path("city/<slug:slug>/", self._work(workplace.city_work), name="city_work"),
            path(
                "city/<slug:slug>/points/<int:number>/",
                self._work(workplace.point_work),
                name="point_work",
            ),
            path(
                "city/<slug:slug>/actions/<int:pk>/",
                self._work(workplace.action_work),
                name="action_work",
            ),
            path(
                "translations/", self._work(translations.translation_desk), name="translation_desk"
            ),
            path(
                "translations/<slug:kind>/<int:pk>/<slug:language>/",
                self._work(translations.side_by_side),
                name="side_by_side",
            ),
        ]
        stock = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        return [*work, *stock]

    def _work(self, view: Callable) -> Callable:
        def with_site(request: HttpRequest, **names: Any) -> HttpResponse:
            return view(
                request,
                {**self.each_context(request), "app_list": self.get_app_list(request)},
                **names,
            )

        return self.admin_view(with_site)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The front page's groups with the models that this person may open; for one app, stock
        admin's list."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {
            entry["model"]._meta.label_lower: entry for app in apps for entry in app["models"]
        }
        groups = [
            (name, [models[label] for label in labels.split() if label in models])
            for name, labels in GROUPS
        ]
        return [
            {
                "name": name,
                "app_label": f"group-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": entries,
            }
            for number, (name, entries) in enumerate(groups)
            if entries
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever coordinates one city goes to its page; else the person's cities, then what they
        may work on."""
        if page := workplace.own_page(request):
            return page
        cities = (
            City.objects.filter(pk__in=request.user.city_ids())
            .select_related("country")
            .order_by("slug")
        )
        contacts = SupportContact.objects.editable_by(request.user)
        waiting = {"contacts_to_check": contacts.due_for_check(timezone.localdate()).count()}
        if request.user.is_secretariat:
            waiting["queue"] = [(row, waits_for(row)) for row in accession_queue()]
        if sits_in_committee(request.user):
            waiting["committee_files"] = files_for_committee()
        return super().index(request, {"own_cities": cities, **waiting, **(extra_context or {})})
