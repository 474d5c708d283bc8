"""What the coordinator's pages have in common: who asks for which city, what they may, what a
pressed button does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from members.editing.forms.errors import error_links
from members.editing.unsent import writer_mark
from members.forms.workplace import LARGEST_KEY, ButtonForm
from members.models import City, Commitment, Record
from members.permissions import SPEAK, may_in_city

Context = dict[str, Any]
Answer = HttpResponse | None


class Work:
    """One request on a coordinator's page: who asks, for which city, what they may, what the page
    shows."""

    def __init__(self, request: HttpRequest, site: Context, slug: str) -> None:
        self.request = request
        self.user = request.user
        self.city = get_object_or_404(
            City.objects.editable_by(request.user).select_related("country"), slug=slug
        )
        self.may_write = may_in_city(self.user, "change", Commitment, self.city.pk)
        self.may_speak = may_in_city(self.user, SPEAK, Commitment, self.city.pk)
        self.context: Context = {
            **site,
            "city": self.city,
            "may_write": self.may_write,
            "may_speak": self.may_speak,
            "writer_mark": writer_mark(self.user),
        }

    def may_see(self, kind: type[Record]) -> bool:
        return may_in_city(self.user, "view", kind, self.city.pk)

    def done(self, text: str, url: str = "") -> HttpResponse:
        messages.success(self.request, text)
        return HttpResponseRedirect(url or self.request.get_full_path())

    def refused(self, error: ValidationError) -> HttpResponse:
        messages.error(self.request, " ".join(error.messages))
        return HttpResponseRedirect(self.request.get_full_path())

    def page(self, template: str, forms: list[BaseForm], **context: Any) -> HttpResponse:
        shown = {**self.context, **context}
        shown["error_links"] = [link for form in forms for link in error_links(form, [])]
        shown["clashes"] = [clash for form in forms for clash in getattr(form, "clashes", [])]
        return TemplateResponse(self.request, template, shown)


def handle(work: Work, verbs: dict[str, Callable[[int], Answer]]) -> Answer:
    """Do what the pressed button says, in one transaction; None for a GET and for a form that comes
    back."""
    if work.request.method != "POST":
        return None
    if not work.may_write:
        raise PermissionDenied
    form = ButtonForm(work.request.POST)
    verb = verbs.get(form.cleaned_data["do"]) if form.is_valid() else None
    if verb is None:
        raise Http404
    try:
        with transaction.atomic():
            # One at a time for each city: two people at the same empty point do not both begin it.
            City.objects.select_for_update(of=("self",)).get(pk=work.city.pk)
            return verb(form.cleaned_data["key"] or 0)
    except ValidationError as error:
        return work.refused(error)


def key_of(number: int) -> int:
    """A number of an address; no database is asked for one that it cannot hold."""
    if number > LARGEST_KEY:
        raise Http404
    return number
