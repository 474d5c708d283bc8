"""The people of a city, and one's own profile."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from members.editing.buttons import Button, ButtonPage
from members.forms.people import ProfileForm
from members.models import City, CityRole, Invitation
from members.permissions import END, may_in_city
from members.requests import AuthenticatedHttpRequest
from members.services import people, summaries, teams
from members.waiting import waiting_for

Context = dict[str, Any]


class TeamPage(ButtonPage):
    """One request on the page of a city's people: 404 for another city, 403 without the right."""

    def __init__(self, request: AuthenticatedHttpRequest, slug: str) -> None:
        super().__init__(request, request.path)
        cities = City.objects.editable_by(self.user).select_related("country")
        self.city = get_object_or_404(cities, slug=slug)
        if not may_in_city(self.user, "view", CityRole, self.city.pk):
            raise PermissionDenied
        self.may_write = may_in_city(self.user, END, CityRole, self.city.pk)

    def buttons(self) -> dict[str, Button]:
        ended = _("The role ends today. What the person wrote stays.")
        handed_over = _("Handed over. Your own lead ends today.")
        withdrawn = _("The invitation is withdrawn.")
        return {
            "end": Button(self._end, self.says(ended)),
            "hand-over": Button(self._hand_over, self._leads_on(handed_over)),
            "withdraw": Button(self._withdraw, self.says(withdrawn)),
        }

    def _leads_on(self, text: str) -> Any:
        """Whoever handed over has no business on this page any more."""
        return lambda result: self.report(text, reverse("admin:index"))

    def _end(self, key: int) -> None:
        role = get_object_or_404(teams.roles_in(self.city), pk=key)
        teams.end_role(role=role, by=self.user)

    def _hand_over(self, key: int) -> None:
        role = get_object_or_404(teams.roles_in(self.city), pk=key)
        teams.hand_over(
            city=self.city,
            to=role.user,
            by=self.user,
        )

    def _withdraw(self, key: int) -> None:
        invitation = get_object_or_404(Invitation, pk=key, city=self.city)
        people.withdraw_invitation(invitation=invitation, by=self.user)


def team(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """Who works for the city, who is invited; ending a role, and handing over the lead."""
    page = TeamPage(request, slug)
    if answer := page.pressed(page.buttons()):
        return answer
    city = page.city
    found = teams.team_of(city)
    own = [role for role in found.roles if role.user_id == page.user.pk]
    is_lead = any(role.role == CityRole.Role.LEAD for role in own)
    others = {role.user_id: role for role in found.roles if role not in own}
    context = {
        **site,
        "title": _("Team"),
        "city": city,
        "team": found,
        "is_lead": is_lead,
        "successors": list(others.values()),
        "drafts": teams.open_drafts(city, page.user),
        "waiting": len(waiting_for(city)),
        "may_end": page.may_write,
    }
    return TemplateResponse(request, "admin/team.html", context)


def profile(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """One's own name and language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        if not person.gets_summaries:
            summaries.stop(person=person)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("admin:profile"))
    context = {
        **site,
        "title": _("Your profile"),
        "form": form,
        "person": request.user,
    }
    return TemplateResponse(request, "admin/profile.html", context)
