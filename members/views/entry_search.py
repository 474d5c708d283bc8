"""The search over everything that a person may open in the administration."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from members.editing.admin.all_lists import AllListsQuery, search_lists, searched_lists
from members.forms.entry_search import EntrySearchForm
from members.requests import AuthenticatedHttpRequest

Context = dict[str, Any]


def entry_search(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """What was found in each list that the person may open, with its number."""
    form = EntrySearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    lists = []
    if text:
        own_lists = searched_lists(site["app_list"])
        query = AllListsQuery(text)
        lists = search_lists(
            request,
            own_lists,
            query,
        )
    user = request.user
    context = {
        **site,
        "title": _("Search"),
        "form": form,
        "searched": text,
        "shown": [one for one in lists if one.hits],
        "others": [one for one in lists if not one.hits],
        "total": sum(one.count for one in lists),
        "has_several_cities": user.is_secretariat or len(user.city_ids()) > 1,
    }
    return TemplateResponse(request, "admin/entry_search.html", context)
