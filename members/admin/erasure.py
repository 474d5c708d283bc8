"""Two pages about a person, for the secretariat: a copy of what is kept, and erasing it."""

import json
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from members import limits, personal_data
from members.admin.confirmation import Statement, StatementPage
from members.forms.people import ErasureForm
from members.models import User
from members.permissions import ERASE, EXPORT
from members.personal_data import Traces
from members.requests import user_of
from members.services import accounts, erasure

if TYPE_CHECKING:
    from members.editing.admin.base import OwnCityAdmin as Base
else:
    Base = object


class PersonalDataPages(Base):
    """Adds the two pages to the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        export = view(self.export)
        erase = view(self.erase)
        return [
            path("<int:pk>/export/", export, name="members_user_export"),
            path("<int:pk>/erase/", erase, name="members_user_erase"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the page which of the two the reader may open."""
        person = context.get("original")
        user = user_of(request)
        context["may_export"] = user.has_perm(EXPORT, person)
        is_there = person is not None and person.anonymised_at is None
        context["may_erase"] = is_there and user.has_perm(ERASE, person)
        return super().render_change_form(request, context, *args, **kwargs)

    def _person(self, request: HttpRequest, pk: int, verb: str) -> User:
        """404 where the reader does not see the person, 403 without the right."""
        person = cast("User", self.get_object(request, str(pk)))
        if not user_of(request).has_perm(verb, person):
            raise PermissionDenied
        return person

    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything that is kept about the person, as a file for them."""
        person = self._person(request, pk, EXPORT)
        copy = personal_data.export(person)
        accounts.note_copy(
            person=person,
            by=user_of(request),
            sender=limits.sender_of(request),
        )
        text = json.dumps(copy, ensure_ascii=False, indent=2)
        name = f"person-{person.pk}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type="application/json", headers=headers)

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First what will happen, in numbers; then, with the address typed again, the button."""
        person = self._person(request, pk, ERASE)
        by = user_of(request)
        form = ErasureForm(request.POST or None, address=person.email)

        def erase() -> str:
            erasure.erase(person=person, by=by)
            return _("Erased. In the log of changes a pseudonym stands in the place of the person.")

        statement = erasing(person, by)
        return StatementPage(request, self, person, statement, form, erase).answer()


def erasing(person: User, by: User) -> Statement:
    """What an erasure does; without a button where it cannot be done."""
    title = _("Erase this person")
    try:
        erasure.refuse(person=person, by=by)
    except ValidationError as error:
        return Statement(title, warnings=error.messages)
    traces = personal_data.traces_of(person)
    return Statement(
        title,
        title,
        facts_of(person, traces),
        [_("This cannot be undone. Give the person a copy first, if they want one.")],
        effects_on(),
    )


def facts_of(person: User, traces: Traces) -> list[tuple[str, object]]:
    """Who it is, and what there is in numbers."""
    return [
        (_("Person"), person.name),
        (_("E-mail address"), person.email),
        (_("Roles that end today"), traces.open_roles),
        (_("Places where the person is signed in"), traces.sessions),
        (_("Letters that lose recipient and text"), traces.letters),
        (_("Invitations that lose the address"), traces.invitations),
        (_("Messages about joining that are deleted or name nobody any more"), traces.interests),
        (_("Entries among the addresses without reminders"), traces.reminder_stops),
        (_("Files and forms that were never saved"), traces.unsaved_files + traces.unsaved_forms),
        (_("Entries of the log of changes that the person made"), traces.own_entries),
        (_("Entries of the log of changes about the account"), traces.rewritten_entries),
    ]


def effects_on() -> list[str]:
    return [
        _("The person gets a last letter, which says what was erased. It is not kept."),
        _("Name, address and password are deleted. Nobody can sign in with this account again."),
        _(
            "What the person entered stays, and the log of changes still says when. It says by whom"
            " with a pseudonym."
        ),
        _(
            "Names that cities publish stay: who signed an act, who wrote a document. These are "
            "public records; correct them on their own pages."
        ),
    ]
