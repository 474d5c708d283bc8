"""The people of a city, and one's own profile."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import format_date
from languages.text import current_language
from members.deadline_calendar import calendar_token
from members.deadlines import has_calendar
from members.editing.buttons import Button, ButtonPage
from members.editing.forms.errors import error_links
from members.forms.people import LastDayForm, ProfileForm
from members.models import City, CityRole, Invitation, User
from members.permissions import END, may_in_city
from members.requests import AuthenticatedHttpRequest
from members.services import deadline_addresses, people, summaries, teams
from members.waiting import waiting_for

Context = dict[str, Any]
# Refused until the person has answered once more.
LAST_LEAD = "last_lead"
HAND_OVER = "hand_over"
# Refused for the day that was typed: said at its field.
WRONG_DAY = "wrong_day"


class TeamPage(ButtonPage):
    """One request on the page of a city's people: 404 for another city, 403 without the right."""

    def __init__(self, request: AuthenticatedHttpRequest, site: Context, slug: str) -> None:
        super().__init__(request, request.path)
        self.site = site
        cities = City.objects.editable_by(self.user).select_related("country")
        self.city = get_object_or_404(cities, slug=slug)
        if not may_in_city(self.user, "view", CityRole, self.city.pk):
            raise PermissionDenied
        self.may_write = may_in_city(self.user, END, CityRole, self.city.pk)
        # The form that was sent, where its day is refused.
        self.refused_form: LastDayForm | None = None

    def buttons(self) -> dict[str, Button]:
        handed_over = _("Handed over.")
        stays = _("The role stays.")
        withdrawn = _("The invitation is withdrawn.")
        return {
            "end": Button(self._end, self._say_end),
            "keep": Button(self._keep, self.says(stays)),
            "hand-over": Button(self._hand_over, lambda result: self._report(handed_over)),
            "withdraw": Button(self._withdraw, self.says(withdrawn)),
        }

    def _say_end(self, role: CityRole) -> HttpResponse:
        if not role.last_day or role.last_day < timezone.localdate():
            return self._report(_("The role has ended. What the person wrote stays."))
        day = format_date(role.last_day, current_language())
        words = _("The last day of the role is %(day)s. What the person wrote stays.")
        return self._report(words % {"day": day})

    def _report(self, text: str) -> HttpResponse:
        return self.report(text, self._next_url())

    def _refuse(self, button: Button, error: ValidationError) -> HttpResponse | None:
        code = getattr(error, "code", "")
        if code in (WRONG_DAY, teams.PAST):
            self._refuse_day(error)
            return None
        if code == LAST_LEAD:
            return self._ask_again("admin/team/leave.html", _("End my lead"))
        if code == HAND_OVER:
            return self._ask_again("admin/team/hand_over.html", _("Hand over"), may_give=True)
        self.url = self._next_url()
        return super()._refuse(button, error)

    def _refuse_day(self, error: ValidationError) -> None:
        """The page comes back, with what was typed."""
        form = self._sent_form()
        if form.is_valid():
            form.add_error("last_day", error)
        self.refused_form = form

    def _sent_form(self) -> LastDayForm:
        name, key = self.name_and_key()
        role = self._role(key)
        data = self.request.POST
        return LastDayForm(
            data,
            role=role,
            name=name,
        )

    def day_form(self, name: str, role: CityRole) -> LastDayForm:
        """The form of the last day of a role, for one button: as it was sent, if it was refused."""
        form = LastDayForm(role=role, name=name)
        refused = self.refused_form
        if refused is None:
            return form
        is_same = refused.auto_id == form.auto_id
        return refused if is_same else form

    def _ask_again(self, template: str, title: str, *, may_give: bool = False) -> HttpResponse:
        """The second question before a lead leaves, with what would be lost.

        `may_give`: whoever takes over may get it.
        """
        key = self.request.POST.get("key", "")
        role = self._role(int(key))
        context = {
            **self.site,
            "title": title,
            "city": self.city,
            "role": role,
            "last_day": self._last_day(),
            "unsaved": teams.unsaved_pages(self.city, self.user),
            "may_give": may_give,
            "fields": {**self.request.POST.dict(), "sure": "1"},
        }
        return TemplateResponse(self.request, template, context)

    def _next_url(self) -> str:
        """Whoever has no business on this page any more goes to their first page."""
        own = teams.roles_in(self.city).filter(user=self.user, role=CityRole.Role.LEAD)
        if self.user.is_secretariat or own.exists():
            return self.url
        return reverse("admin:index")

    def _last_day(self) -> date | None:
        form = self._sent_form()
        if not form.is_valid():
            raise ValidationError("", code=WRONG_DAY)
        day: date | None = form.cleaned_data["last_day"]
        return day

    def _role(self, key: int) -> CityRole:
        """Also one that has ended since the page was opened: the service says so."""
        return get_object_or_404(teams.roles_ever_in(self.city), pk=key)

    def _end(self, key: int) -> CityRole:
        """Whoever leads alone and is not sure is asked: then all of it is taken back."""
        role = self._role(key)
        leads_alone = teams.leads_alone(role, self.user)
        row = teams.end_role(role=role, by=self.user, last_day=self._last_day())
        if leads_alone and "sure" not in self.request.POST:
            raise ValidationError("", code=LAST_LEAD)
        return row

    def _keep(self, key: int) -> None:
        teams.keep_role(role=self._role(key), by=self.user)

    def _hand_over(self, key: int) -> None:
        """Whoever is not sure reads first what would happen: then all of it is taken back."""
        teams.hand_over(
            city=self.city,
            to=self._role(key).user,
            by=self.user,
            last_day=self._last_day(),
            gives_texts="gives" in self.request.POST,
        )
        if "sure" not in self.request.POST:
            raise ValidationError("", code=HAND_OVER)

    def _withdraw(self, key: int) -> None:
        invitation = get_object_or_404(Invitation, pk=key, city=self.city)
        people.withdraw_invitation(invitation=invitation, by=self.user)


def answer_former_lead(request: HttpRequest) -> HttpResponse | None:
    """To a lead whose lead ended after they had opened the page, also without any role left: that
    nothing was changed. None for everybody else."""
    match = request.resolver_match
    user = request.user
    if match is None or match.view_name != "admin:team" or not isinstance(user, User):
        return None
    if request.method != "POST" or not teams.has_led(match.kwargs["slug"], user):
        return None
    messages.error(request, teams.left_words())
    return HttpResponseRedirect(reverse("admin:index"))


def tell_of_ended_role(request: HttpRequest) -> None:
    """To somebody who is signed in and is asked to sign in: why that does not help."""
    user = request.user
    if not isinstance(user, User) or user.is_staff:
        return
    if words := teams.words_about_ended_role(user):
        messages.warning(request, words)


def team(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """Who works for the city, who is invited; ending a role, and handing over the lead."""
    page = TeamPage(request, site, slug)
    if answer := page.pressed(page.buttons()):
        return answer
    city = page.city
    team = teams.team_of(city)
    own = [role for role in team.roles if role.user_id == page.user.pk]
    leads = [role for role in own if role.role == CityRole.Role.LEAD]
    others = {role.user_id: role for role in team.roles if role not in own}
    own_lead = leads[0] if leads else None
    refused = page.refused_form
    context = {
        **site,
        "title": _("Team"),
        "city": city,
        "team": team,
        "people": [(role, page.day_form("end", role)) for role in team.roles],
        "own_lead": own_lead,
        "own_form": page.day_form("end", own_lead) if own_lead else None,
        "successors": [(role, page.day_form("hand-over", role)) for role in others.values()],
        "error_links": error_links(refused, []) if refused else [],
        "drafts": teams.open_drafts(city, page.user),
        "unsaved": teams.unsaved_pages(city, page.user) if leads else [],
        "waiting": len(waiting_for(city)),
        "may_end": page.may_write,
        "endable": teams.endable(team.roles, page.user) if page.may_write else set(),
    }
    return TemplateResponse(request, "admin/team.html", context)


def _calendar_address(person: User) -> str:
    """The whole address, "" for a person without one."""
    token = calendar_token(person)
    if not token:
        return ""
    path = reverse("deadline_calendar", args=[token])
    return f"{settings.SITE_URL}{path}"


def profile(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """One's own name and language, and the address of one's calendar of deadlines."""
    if request.POST.get("do") == "calendar":
        deadline_addresses.renew(person=request.user)
        messages.success(request, _("The calendar has a new address. An earlier one is no more."))
        return HttpResponseRedirect(reverse("admin:profile"))
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
        "has_calendar": has_calendar(request.user),
        "calendar_address": _calendar_address(request.user),
    }
    return TemplateResponse(request, "admin/profile.html", context)
