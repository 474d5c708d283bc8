"""The search over everything that a person may open in the administration."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from members.accession_queue import files_for_committee
from members.editing.admin.all_lists import (
    AllListsQuery,
    ListHits,
    search_files,
    search_lists,
    searched_lists,
)
from members.forms.entry_search import EntrySearchForm
from members.permissions import sits_in_committee
from members.requests import AuthenticatedHttpRequest

Context = dict[str, Any]


def _files_of_committee(request: AuthenticatedHttpRequest, query: AllListsQuery) -> list[ListHits]:
    """The files on the first page of the committee, which has no list of them."""
    if request.user.is_secretariat or not sits_in_committee(request.user):
        return []
    desk = reverse("admin:index")
    name = _("Files for the Steering Committee")
    return search_files(name, desk, files_for_committee(), query)


def entry_search(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """What was found in each list that the person may open, with its number."""
    form = EntrySearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    lists: list[ListHits] = []
    if text:
        own_lists = searched_lists(site["app_list"])
        query = AllListsQuery(text)
        lists = search_lists(
            request,
            own_lists,
            query,
        )
        lists = [*_files_of_committee(request, query), *lists]
    user = request.user
    context = {
        **site,
        "title": _("Search"),
        "form": form,
        "searched": text,
        "shown": [one for one in lists if one.hits],
        "others": [one for one in lists if not one.hits],
        "total": sum(one.counted for one in lists),
        "has_very_many": any(one.has_very_many for one in lists),
        "has_several_cities": user.is_secretariat or len(user.city_ids()) > 1,
    }
    return TemplateResponse(request, "admin/entry_search.html", context)
