"""A coordinator's page: who asks for which city, what they may, what every such page shows."""

from contextlib import AbstractContextManager
from typing import Any

from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from members.editing.buttons import ButtonPage
from members.editing.forms.buttons import Submission
from members.editing.forms.errors import ErrorLink, error_links
from members.editing.forms.merging import Clash
from members.editing.forms.rows import LARGEST_KEY
from members.editing.unsent import writer_mark
from members.models import City, Commitment
from members.permissions import SPEAK, may_in_city
from members.requests import AuthenticatedHttpRequest
from members.services import entries

Context = dict[str, Any]


class Work(ButtonPage):
    """One request on a page of a city. 404 for a city that the person has nothing to do with."""

    def __init__(self, request: AuthenticatedHttpRequest, site: Context, slug: str) -> None:
        super().__init__(request)
        cities = City.objects.editable_by(self.user).select_related("country")
        self.city = get_object_or_404(cities, slug=slug)
        self.submission = Submission(request.POST)
        self.may_write = may_in_city(self.user, "change", Commitment, self.city.pk)
        self.may_speak = may_in_city(self.user, SPEAK, Commitment, self.city.pk)
        self.context: Context = {
            **site,
            "city": self.city,
            "may_write": self.may_write,
            "may_speak": self.may_speak,
            "writer_mark": writer_mark(self.user),
        }

    def may_see(self, kind: type[Model]) -> bool:
        city = self.city.pk
        return may_in_city(self.user, "view", kind, city)

    def transaction(self) -> AbstractContextManager[None]:
        return entries.alone_in(self.city)

    def page(self, template: str, forms: list[BaseForm], **context: Any) -> HttpResponse:
        """The page; `forms` are those whose errors and clashes it names."""
        links: list[ErrorLink] = []
        clashes: list[Clash] = []
        for form in forms:
            links += error_links(form, [])
            clashes += getattr(form, "clashes", [])
        everything = {**self.context, **context, "error_links": links, "clashes": clashes}
        return TemplateResponse(self.request, template, everything)


def key_of(number: int) -> int:
    """A number of an address; 404 for one that no database can hold."""
    if number > LARGEST_KEY:
        raise Http404
    return number
