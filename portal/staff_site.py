"""The site where coordinators and the secretariat work."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import City
from members.permissions import RIGHTS

# The front page: what a town hall needs first, in the order of its questions. Every model stands in one group.
GROUPS = [
    (
        pgettext_lazy("group of the administration", "The city and its contacts"),
        "members.city members.unit members.supportcontact members.legalact members.document members.organisation"
        " members.bodytask",
    ),
    (
        pgettext_lazy("group of the administration", "Programmes"),
        "programs.programme programs.edition programs.programmeitem programs.editionevent programs.participation"
        " programs.programmelink",
    ),
    (pgettext_lazy("group of the administration", "News and events"), "portal.news portal.event"),
    (
        pgettext_lazy("group of the administration", "Membership"),
        "members.membership members.milestone members.meeting members.decision",
    ),
    (pgettext_lazy("group of the administration", "People"), "members.invitation members.cityrole members.user"),
    (
        pgettext_lazy("group of the administration", "The plan, lists and sources"),
        "members.plan members.point members.suggestedaction members.ground members.networktext members.country"
        " members.source members.citation auditlog.logentry",
    ),
]


class StaffSite(AdminSite):
    """Stock admin in the portal's look; people sign in at one place, and nobody is told of other cities."""

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

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One door: the portal's own sign-in page."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without stock admin's redirect to any object's page by its number: it would tell what exists."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The front page's groups with the models that this person may open; for one app, stock admin's list."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {entry["model"]._meta.label_lower: entry for app in apps for entry in app["models"]}
        groups = [(name, [models[label] for label in labels.split() if label in models]) for name, labels in GROUPS]
        return [
            {"name": name, "app_label": f"group-{number}", "app_url": "", "has_module_perms": True, "models": entries}
            for number, (name, entries) in enumerate(groups)
            if entries
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The person's cities first, then what they may work on."""
        cities = City.objects.filter(pk__in=request.user.city_ids()).select_related("country").order_by("slug")
        return super().index(request, {"own_cities": cities, **(extra_context or {})})
