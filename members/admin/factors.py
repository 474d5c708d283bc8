"""A page about a person, for the secretariat: to let them in again who lost their second factor."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from members import factors, personal_data
from members.admin.confirmation import Statement, StatementPage
from members.forms.people import NothingToFill
from members.models import User
from members.requests import user_of
from members.services import office_right

if TYPE_CHECKING:
    from members.editing.admin.base import OwnCityAdmin as Base
else:
    Base = object


class FactorPages(Base):
    """Adds the page to the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.remove_factors)
        return [
            path("<int:pk>/factors/", page, name="members_user_factors"),
            *super().get_urls(),
        ]

    def remove_factors(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What there is and what happens; then the button."""
        person = self.get_object(request, str(pk))
        by = user_of(request)
        if not by.has_perm("change", person):
            raise PermissionDenied

        def remove() -> str:
            office_right.remove_factors(person=person, by=by)
            return _("The person is signed out everywhere and was told by letter.")

        statement = removing(person, by)
        form = NothingToFill(request.POST or None)
        return StatementPage(request, self, person, statement, form, remove).answer()


def removing(person: User, by: User) -> Statement:
    """What the button does; without one for oneself."""
    title = _("Remove the second factor and sign out")
    if person.pk == by.pk:
        warning = _("You do this for yourself on the page about your way of signing in.")
        return Statement(title, warnings=[warning])
    has_one = _("yes") if factors.has_one(person) else _("no")
    sessions = len(personal_data.sessions_of(person))
    facts: list[tuple[str, object]] = [
        (_("Person"), person.name),
        (_("E-mail address"), person.email),
        (_("Second factor"), has_one),
        (_("Places where the person is signed in"), sessions),
    ]
    warning = _("Ring the person at a number that you know: a thief would ask for this, too.")
    effects = [
        _("The person is signed out everywhere."),
        _("Whoever has the password signs in with it alone, and sets up another factor."),
    ]
    return Statement(title, title, facts, [warning], effects)
