"""After a stock form: back to the page of a city, a desk or a list of work that led there.

The page that led there is the one that the browser names (`Referer`, kept within the site). Its
address goes along as `_back`: from the form to its history, to the page that asks before deleting,
through errors and "save and continue".
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import urlencode

from members.entry_pages import entry_page, owners_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    AdminBase = ModelAdmin[Any]
else:
    AdminBase = object

NAME = "_back"
LONGEST = 500
# The pages to which somebody goes back, by the names of their addresses.
PAGES = {
    "index",
    "city_work",
    "still_true",
    "point_work",
    "action_work",
    "team",
    "entry_search",
    "network",
    "network_gap",
    "translation_desk",
    "members_accession_file",
    "members_accession_verb",
    "members_meeting_pack",
    "members_membership_worklist",
}
# A page of these lists leads back to the list itself, with its filters, as stock admin does.
LIST = "_changelist"
# What a request notes about itself: where it goes on once its entry is deleted.
AFTER_DELETION = "portal.page_after_deletion"


def page_at(address: str) -> ResolverMatch | None:
    """The page of an address within the site, if somebody goes back to it."""
    is_path = address.startswith("/") and not address.startswith("//")
    if not is_path or len(address) > LONGEST:
        return None
    path = urlsplit(address).path
    try:
        match = resolve(path)
    except Resolver404:
        return None
    is_of_admin = match.app_name == "admin"
    return match if is_of_admin and match.url_name in PAGES else None


def back_of(request: HttpRequest) -> str:
    """The address of the page from which the person came; "" for none."""
    fields: QueryDict = request.POST if request.method == "POST" else request.GET
    address = fields.get(NAME) or request.GET.get(NAME) or _referring(request)
    return address if page_at(address) else ""


def _referring(request: HttpRequest) -> str:
    """The path and the filters of the page that led here, of this site alone."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def with_back(request: HttpRequest, url: str) -> str:
    """The address of a page of the same entry, which leads back as well."""
    back = back_of(request)
    return f"{url}?{urlencode({NAME: back})}" if back else url


class WayBack(AdminBase):
    """What `OwnCityAdmin` does so that a person goes on where they came from."""

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """With the page that led here, so that stock admin's links and redirects keep it."""
        filters = super().get_preserved_filters(request)
        match = request.resolver_match
        if match is None or str(match.url_name).endswith(LIST):
            return filters
        back = back_of(request)
        if not back:
            return filters
        return "&".join(part for part in (filters, urlencode({NAME: back})) if part)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the page where its way back leads."""
        if IS_POPUP_VAR not in request.GET and IS_POPUP_VAR not in request.POST:
            context.update(self.way_back(request))
        return super().render_change_form(request, context, *args, **kwargs)

    def way_back(self, request: HttpRequest) -> dict[str, Any]:
        back = back_of(request)
        match = page_at(back)
        point = match.kwargs.get("number") if match else None
        opts = self.opts
        url = back or reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return {"back": back, "back_url": url, "back_point": point}

    # --- Going on ---------------------------------------------------------------------------------

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        back = back_of(request)
        if back:
            return HttpResponseRedirect(back)
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        back = back_of(request)
        if back:
            return HttpResponseRedirect(back)
        return super().response_post_save_change(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        back = back_of(request)
        if request.method == "POST" and back:
            entry = self.get_object(request, unquote(object_id))
            request.META[AFTER_DELETION] = _page_without(back, entry)
        context = {"back": back, **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        response = super().response_delete(request, obj_display, obj_id)
        page = request.META.get(AFTER_DELETION, "")
        return HttpResponseRedirect(page) if page else response


def _page_without(back: str, entry: Any) -> str:
    """The page to go back to once the entry is gone: not its own."""
    path = urlsplit(back).path
    if path != urlsplit(entry_page(entry)).path:
        return back
    owners = list(owners_of(entry))
    return entry_page(owners[0]) if owners else ""
