"""The site where coordinators and the secretariat work."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from members.models import City
from members.permissions import RIGHTS


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

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The person's cities first, then what they may work on."""
        cities = City.objects.filter(pk__in=request.user.city_ids()).select_related("country").order_by("slug")
        return super().index(request, {"own_cities": cities, **(extra_context or {})})
