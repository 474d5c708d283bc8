"""The coordinator's pages: the city, a point of the plan, an action. One page each for what belongs together, one
language at a time, each step one button. They stand in the administration: signing in and language are its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.names import own_name
from languages.states import STATES, State
from languages.text import own_text, translated_fields
from members.actions import choosing, commitments, entries
from members.forms.errors import error_links
from members.forms.workplace import (
    LARGEST_KEY,
    LanguageForm,
    NewActionForm,
    VerbForm,
    action_form,
    commitment_form,
    evidence_form,
    translation_form,
    update_form,
)
from members.history import recent_in, records_of_cities
from members.models import Action, City, Commitment, Point, Record, SuggestedAction
from members.neighbors import who_works_on
from members.permissions import SPEAK, may_in_city
from members.strip import evidenced, strips_for
from members.unsent import writer_mark
from members.waiting import action_url, states_of, waiting_for

Context = dict[str, Any]
Answer = HttpResponse | None
RECENT = 8


class Work:
    """One request on a coordinator's page: who asks, for which city, what they may, what the page shows."""

    def __init__(self, request: HttpRequest, site: Context, slug: str) -> None:
        self.request = request
        self.user = request.user
        self.city = get_object_or_404(City.objects.editable_by(request.user).select_related("country"), slug=slug)
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
    """Do what the pressed button says, in one transaction; None for a GET and for a form that comes back."""
    if work.request.method != "POST":
        return None
    if not work.may_write:
        raise PermissionDenied
    form = VerbForm(work.request.POST)
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


def _key(number: int) -> int:
    """A number of an address; no database is asked for one that it cannot hold."""
    if number > LARGEST_KEY:
        raise Http404
    return number


# --- The city ---------------------------------------------------------------------------------------------------------


def city_work(request: HttpRequest, site: Context, slug: str) -> HttpResponse:
    """What waits, the strip and the points, what changed lately."""
    work = Work(request, site, slug)
    verbs = {
        "confirm_all": lambda key: _confirm_all(work),
        "confirm": lambda key: _confirm(work, key),
        "adopt": lambda key: _adopt(work, key),
    }
    if answer := handle(work, verbs):
        return answer
    strip = strips_for([work.city])[work.city.pk]
    return work.page(
        "admin/work/city.html",
        [],
        title=str(work.city),
        waiting=waiting_for(work.city),
        strip=strip,
        points=_points(work.city, strip),
        recent=recent_in(work.city, [kind for kind in records_of_cities() if work.may_see(kind)], RECENT),
        can_confirm=work.may_speak and any(column.filled or column.refused for column in strip.columns),
        confirm_label=_("Still true: confirm all of it"),
    )


def _points(city: City, strip: Any) -> list[tuple[Point, Any, Commitment | None]]:
    columns = {column.number: column for column in strip.columns}
    answers = {row.point_id: row for row in city.commitments.all()}
    points = Point.objects.public().filter(plan__in_force=True).order_by("number")
    return [(point, columns.get(point.number), answers.get(point.pk)) for point in points]


def _confirm_all(work: Work) -> HttpResponse:
    count = commitments.confirm(city=work.city, by=work.user)
    words = ngettext(
        "%(count)d point confirmed: still true today.", "%(count)d points confirmed: still true today.", count
    )
    return work.done(words % {"count": count})


def _confirm(work: Work, key: int) -> HttpResponse:
    row = get_object_or_404(work.city.commitments, pk=key)
    commitments.confirm(commitment=row, by=work.user)
    return work.done(_("Confirmed: this is still true today."))


def _adopt(work: Work, key: int) -> HttpResponse:
    row = get_object_or_404(Action.objects.filter(commitment__city=work.city), pk=key)
    commitments.adopt(action=row, by=work.user)
    return work.done(_("Your city states this now."))


# --- A point ----------------------------------------------------------------------------------------------------------


def point_work(request: HttpRequest, site: Context, slug: str, number: int) -> HttpResponse:
    """What the city says about one point, its actions, the plan's suggestions, and who already does this."""
    work = Work(request, site, slug)
    point = get_object_or_404(Point.objects.public().filter(plan__in_force=True), number=_key(number))
    row = Commitment.objects.filter(city=work.city, point=point).select_related("city", "point").first()
    language = row.source_language if row else request.user.language
    sent = request.POST.get("do", "")
    begun = row or Commitment(city=work.city, point=point, source_language=language)
    form = commitment_form(work.city, point, language)(
        request.POST if sent in {"save", "publish"} else None, instance=begun, prefix="promise"
    )
    own = NewActionForm(request.POST if sent == "begin" else None, prefix="own")
    texts = _translation(work, row) if row else None
    verbs = {
        "save": lambda key: _save(work, form),
        "publish": lambda key: _save(work, form, publish=True),
        "translate": lambda key: texts.save(work) if texts else None,
        "confirm": lambda key: _confirm(work, key),
        "adopt": lambda key: _adopt(work, key),
        "take_up": lambda key: _take_up(work, point, key),
        "begin": lambda key: _begin(work, point, own),
    }
    if answer := handle(work, verbs):
        return answer
    return work.page(
        "admin/work/point.html",
        [form, own, *(texts.forms if texts else [])],
        title=str(point),
        subtitle=str(work.city),
        point=point,
        record=row,
        form=form,
        own=own,
        texts=texts,
        languages=_languages(row),
        actions=_actions(row),
        suggestions=_suggestions(point, row),
        neighbors=who_works_on(point, work.city),
        numbers=_numbers(point),
    )


def _numbers(point: Point) -> list[int]:
    return list(Point.objects.public().filter(plan=point.plan_id).order_by("number").values_list("number", flat=True))


def _save(work: Work, form: Any, publish: bool = False) -> Answer:
    if not form.is_valid():
        return None
    _keep(work, form)
    if publish:
        entries.publish(record=form.instance, by=work.user)
        return work.done(_("It is public now."))
    return work.done(_("Saved."))


def _keep(work: Work, form: Any) -> None:
    entries.save(record=form.instance, by=work.user, changed=form.changed_columns(), small=form.is_small())


def _take_up(work: Work, point: Point, key: int) -> HttpResponse:
    suggested = get_object_or_404(SuggestedAction.objects.public().filter(point=point).select_related("point"), pk=key)
    action = choosing.take_up(city=work.city, suggested=suggested, by=work.user)
    return work.done(_("Planned. Say when, and publish it."), action_url(action))


def _begin(work: Work, point: Point, form: NewActionForm) -> Answer:
    if not form.is_valid():
        return None
    action = choosing.begin(city=work.city, point=point, title=form.cleaned_data["title"], by=work.user)
    return work.done(_("Planned. Say when, and publish it."), action_url(action))


def _actions(row: Commitment | None) -> list[Action]:
    if row is None:
        return []
    found = row.actions.select_related("commitment__city", "commitment__point").annotate(seen=evidenced())
    return list(found.order_by("pk"))


def _suggestions(point: Point, row: Commitment | None) -> list[SuggestedAction]:
    """What the city has not taken up yet."""
    taken = row.actions.exclude(suggested_action=None).values("suggested_action") if row else []
    return list(point.suggested_actions.public().exclude(pk__in=taken).order_by("order"))


# --- An action --------------------------------------------------------------------------------------------------------


def action_work(request: HttpRequest, site: Context, slug: str, pk: int) -> HttpResponse:
    """An action with its evidence, updates, indicators and reviews; its translations one click away."""
    work = Work(request, site, slug)
    rows = Action.objects.filter(commitment__city=work.city)
    action = get_object_or_404(rows.select_related("commitment__city", "commitment__point", "unit"), pk=_key(pk))
    sent = request.POST.get("do", "")
    form = action_form(action)(request.POST if sent in {"save", "publish"} else None, instance=action, prefix="action")
    evidence = evidence_form(action)(request.POST if sent == "evidence" else None, prefix="evidence")
    update = update_form(action)(request.POST if sent == "update" else None, prefix="update")
    shown = list(action.evidence.select_related("source", "document").order_by("pk"))
    updates = list(action.updates.order_by("-on", "-pk"))
    texts = _translation(work, action, [*shown, *updates])
    verbs = {
        "save": lambda key: _save(work, form),
        "publish": lambda key: _publish_action(work, form),
        "adopt": lambda key: _adopt(work, key),
        "evidence": lambda key: _add(work, evidence, action, _("The evidence is saved.")),
        "update": lambda key: _add(work, update, action, _("The update is saved.")),
        "translate": lambda key: texts.save(work) if texts else None,
    }
    if "document" in evidence.fields:
        evidence.fields["document"].queryset = work.city.documents.order_by("-pk")
    if answer := handle(work, verbs):
        return answer
    return work.page(
        "admin/work/action.html",
        [form, evidence, update, *(texts.forms if texts else [])],
        title=str(action),
        subtitle=str(work.city),
        action=action,
        record=action,
        point=action.commitment.point,
        form=form,
        evidence_form=evidence,
        update_form=update,
        texts=texts,
        languages=_languages(action),
        evidence=shown,
        updates=updates,
        indicators=action.indicators.prefetch_related("values").order_by("pk"),
        reviews=action.reviews.order_by("-reviewed_at"),
    )


def _publish_action(work: Work, form: Any) -> Answer:
    """With the point that it stands under: nobody sees an action whose point is no page yet."""
    if not form.is_valid():
        return None
    _keep(work, form)
    entries.publish(record=form.instance.commitment, by=work.user)
    entries.publish(record=form.instance, by=work.user)
    return work.done(_("It is public now."))


def _add(work: Work, form: Any, action: Action, said: str) -> Answer:
    """A part of an action is as public as the action itself."""
    if not form.is_valid():
        return None
    part = form.save(commit=False)
    entries.save(record=part, by=work.user, changed=form.changed_columns())
    if action.published_at:
        entries.publish(record=part, by=work.user)
    return work.done(said)


# --- Translations -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """The translation that is edited: a form for the entry and one for each of its parts, saved together."""

    language: str
    name: str
    forms: list[Any]

    def save(self, work: Work) -> Answer:
        if not all_valid(self.forms):
            return None
        for form in self.forms:
            if form.has_changed():
                entries.save(record=form.instance, by=work.user, changed=form.changed_columns())
        return work.done(_("The translation is saved."))


def _translation(work: Work, record: Record, parts: Iterable[Record] = ()) -> Texts | None:
    """The texts in the language that the address asks for; None for none."""
    asked = LanguageForm(work.request.GET)
    if not asked.is_valid():
        raise Http404
    code = asked.cleaned_data["language"]
    if not code or code == record.source_language or not work.may_write:
        return None
    sent = work.request.POST if work.request.POST.get("do") == "translate" else None
    forms = [translation_form(record, code)(sent, instance=record, prefix="text")]
    for part in parts:
        if part.source_language != code and any(own_text(part, name, part.source_language) for name in _texts_of(part)):
            prefix = f"text-{part._meta.model_name}-{part.pk}"
            forms.append(translation_form(part, code)(sent, instance=part, prefix=prefix))
    return Texts(code, own_name(code), forms)


def _texts_of(record: Record) -> list[str]:
    return translated_fields(type(record))


def _languages(record: Record | None) -> list[tuple[str, str, State, str]]:
    """Code, own name and state of every translation of a record."""
    if record is None:
        return []
    states = states_of([record])[record]
    return [(code, own_name(code), state, STATES[state]) for code, state in states.items()]


# --- The way in -------------------------------------------------------------------------------------------------------


def own_page(request: HttpRequest) -> HttpResponse | None:
    """Whoever coordinates one city goes straight to it."""
    if request.user.is_secretariat or request.GET.get("all"):
        return None
    own = list(City.objects.filter(pk__in=request.user.city_ids())[:2])
    return HttpResponseRedirect(reverse("admin:city_work", args=[own[0].slug])) if len(own) == 1 else None
