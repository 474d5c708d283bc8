"""The coordinator's pages: the city, a point of the plan, an action. One page each for what belongs
together, one language at a time, each step one button. They stand in the administration: signing in
and language are its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.names import own_name
from languages.states import STATES, State
from languages.text import own_text, translated_fields
from members.citations import citations_of
from members.editing.forms.merging import Seen
from members.editing.history import recent_in, records_of_cities
from members.forms.workplace import (
    EditedLanguageForm,
    NewActionForm,
    action_form,
    commitment_form,
    evidence_form,
    indicator_form,
    is_written,
    translation_form,
    update_form,
    value_form,
    written_in,
)
from members.models import (
    Action,
    City,
    Commitment,
    Draft,
    Indicator,
    Point,
    Record,
    SuggestedAction,
)
from members.neighbors import who_works_on
from members.services import choosing, commitments, drafts, entries
from members.strip import has_evidence, strips_for
from members.views.work import Answer, Context, Work, handle, key_of
from members.waiting import action_url, states_of, waiting_for

RECENT = 8
# Buttons of the form of the entry itself.
WRITING = {"save", "publish", "draft"}


# --- The city -------------------------------------------------------------------------------------


def city_work(request: HttpRequest, site: Context, slug: str) -> HttpResponse:
    """What waits, the strip and the points, what changed lately."""
    work = Work(request, site, slug)
    verbs = {
        "confirm_all": lambda key: _confirm_all(work),
        "confirm": lambda key: _confirm(work, key),
        **_verbs_of_actions(work),
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
        recent=recent_in(
            work.city, [kind for kind in records_of_cities() if work.may_see(kind)], RECENT
        ),
        can_confirm=work.may_speak
        and any(column.own_bars or column.is_refused for column in strip.columns),
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
        "%(count)d point confirmed: still true today.",
        "%(count)d points confirmed: still true today.",
        count,
    )
    return work.done(words % {"count": count})


def _confirm(work: Work, key: int) -> HttpResponse:
    row = get_object_or_404(work.city.commitments, pk=key)
    commitments.confirm(commitment=row, by=work.user)
    return work.done(_("Confirmed: this is still true today."))


def _verbs_of_actions(work: Work) -> dict[str, Callable[[int], Answer]]:
    """What one press does to an action of the city, wherever it is listed."""

    def verb(act: Callable[..., None], said: str) -> Callable[[int], Answer]:
        def press(key: int) -> HttpResponse:
            act(
                action=get_object_or_404(Action.objects.filter(commitment__city=work.city), pk=key),
                by=work.user,
            )
            return work.done(said)

        return press

    return {
        "adopt": verb(commitments.adopt, _("Your city states this now.")),
        "deny": verb(
            commitments.deny,
            _(
                "It is off the public pages, as declared wrong by your city. You can take "
                "that back at any time."
            ),
        ),
        "take_back": verb(
            commitments.take_back, _("It is public again, as found in public sources.")
        ),
        "finish": verb(commitments.finish, _("Noted as done today. Add what shows it.")),
    }


# --- A point --------------------------------------------------------------------------------------


def point_work(request: HttpRequest, site: Context, slug: str, number: int) -> HttpResponse:
    """What the city says about one point, its actions, the plan's suggestions, and who already does
    this."""
    work = Work(request, site, slug)
    point = get_object_or_404(
        Point.objects.public().filter(plan__in_force=True), number=key_of(number)
    )
    row = (
        Commitment.objects.filter(city=work.city, point=point)
        .select_related("city", "point")
        .first()
    )
    language = row.source_language if row and is_written(row) else request.user.language
    language = written_in(request.POST, "promise-statement", language)
    sent = request.POST.get("do", "")
    begun = row or Commitment(city=work.city, point=point, source_language=language)
    form = commitment_form(work.city, point, language)(
        request.POST if sent in WRITING else None, instance=begun, prefix="promise"
    )
    own = NewActionForm(request.POST if sent == "begin" else None, prefix="own")
    texts = _translation(work, row) if row else None
    verbs = {
        "save": lambda key: _save(work, form),
        "publish": lambda key: _save(work, form, publish=True),
        "draft": lambda key: _keep_draft(work, form) if row else None,
        "translate": lambda key: texts.save(work) if texts else None,
        "confirm": lambda key: _confirm(work, key),
        **_verbs_of_actions(work),
        "take_up": lambda key: _take_up(work, point, key),
        "begin": lambda key: _begin(work, point, own),
    }
    if answer := handle(work, verbs):
        return answer
    return work.page(
        "admin/work/point.html",
        [form, own, *(texts.forms if texts else [])],
        form=form,
        own=own,
        texts=texts,
        **_facts_of_point(work, point, row),
    )


def _facts_of_point(work: Work, point: Point, row: Commitment | None) -> Context:
    """What the page shows beside its forms."""
    actions = _actions(row)
    return {
        "title": str(point),
        "subtitle": str(work.city),
        "point": point,
        "record": row,
        "draft": _draft(work, row),
        "languages": _languages(row),
        "actions": actions,
        # Who has nothing here yet begins with what others do.
        "is_empty": not actions and not (row and row.needs_source),
        "suggestions": _suggestions(point, row),
        "neighbors": who_works_on(point, work.city),
        "numbers": _numbers(point),
    }


def _numbers(point: Point) -> list[int]:
    return list(
        Point.objects.public()
        .filter(plan=point.plan_id)
        .order_by("number")
        .values_list("number", flat=True)
    )


def _save(work: Work, form: Any, publish: bool = False) -> Answer:
    """Keep what was typed. An action becomes public with the point that it stands under: nobody
    sees an action whose point is no page yet."""
    if not form.is_valid():
        return None
    record = form.instance
    try:
        with transaction.atomic():
            entries.save(
                record=record, by=work.user, changed=form.changed_columns(), small=form.is_small()
            )
            for entry in (getattr(record, "commitment", None), record) if publish else ():
                if entry:
                    entries.publish(record=entry, by=work.user)
    except ValidationError as error:
        # Nothing is kept, and what was typed comes back with the reason.
        form.add_error(None, error)
        return None
    return work.done(_("It is public now.") if publish else _("Saved."))


def _draft(work: Work, record: Record | None) -> Draft | None:
    """The open draft of a public entry, for those who may see it."""
    return drafts.draft_of(record) if record and record.published_at and work.may_write else None


def _keep_draft(work: Work, form: Any) -> Answer:
    """Keep what was typed without showing it. A draft is gone on with on the page of all fields,
    which shows all of it: other languages and the rows below the entry too."""
    seen = form.seen_before() or Seen()
    try:
        drafts.save_draft(record=form.instance, typed=form.typed(), seen=seen.marks, by=work.user)
    except ValidationError as error:
        form.full_clean()
        form.add_error(None, error)
        return None
    name = form.instance._meta.model_name
    url = reverse(f"admin:members_{name}_change", args=[form.instance.pk])
    return work.done(_("Saved as a draft. The public goes on reading the text as it was."), url)


def _take_up(work: Work, point: Point, key: int) -> HttpResponse:
    suggested = get_object_or_404(
        SuggestedAction.objects.public().filter(point=point).select_related("point"), pk=key
    )
    action = choosing.take_up(city=work.city, suggested=suggested, by=work.user)
    return work.done(_("Planned. Say when, and publish it."), action_url(action))


def _begin(work: Work, point: Point, form: NewActionForm) -> Answer:
    if not form.is_valid():
        return None
    action = choosing.begin(
        city=work.city, point=point, title=form.cleaned_data["title"], by=work.user
    )
    return work.done(_("Planned. Say when, and publish it."), action_url(action))


def _actions(row: Commitment | None) -> list[Action]:
    if row is None:
        return []
    found = row.actions.select_related("commitment__city", "commitment__point").annotate(
        seen=has_evidence()
    )
    return list(found.order_by("pk"))


def _suggestions(point: Point, row: Commitment | None) -> list[SuggestedAction]:
    """What the city has not taken up yet."""
    taken = row.actions.exclude(suggested_action=None).values("suggested_action") if row else []
    return list(point.suggested_actions.public().exclude(pk__in=taken).order_by("order"))


# --- An action ------------------------------------------------------------------------------------


def action_work(request: HttpRequest, site: Context, slug: str, pk: int) -> HttpResponse:
    """An action with its evidence, updates, indicators and reviews; its translations one click
    away."""
    work = Work(request, site, slug)
    rows = Action.objects.filter(commitment__city=work.city)
    action = get_object_or_404(
        rows.select_related("commitment__city", "commitment__point", "unit"), pk=key_of(pk)
    )
    form = _bound(work, WRITING, "action", "title", action, action_form, instance=action)
    evidence = _bound(work, {"evidence"}, "evidence", "note", action, evidence_form)
    evidence.fields["document"].queryset = work.city.documents.order_by("-pk")
    update = _bound(work, {"update"}, "update", "text", action, update_form)
    number = _bound(work, {"indicator"}, "indicator", "name", action, indicator_form)
    shown = list(action.evidence.select_related("source", "document").order_by("pk"))
    updates = list(action.updates.order_by("-on", "-pk"))
    numbers = _numbers_of(work, action)
    texts = _translation(work, action, [*shown, *updates, *numbers])
    verbs = {
        "save": lambda key: _save(work, form),
        "publish": lambda key: _save(work, form, publish=True),
        "draft": lambda key: _keep_draft(work, form),
        **_verbs_of_actions(work),
        "evidence": lambda key: _add(work, evidence, action, _("The evidence is saved.")),
        "update": lambda key: _add(work, update, action, _("The update is saved.")),
        "indicator": lambda key: _add(
            work, number, action, _("The number is saved. Add its first value.")
        ),
        "value": lambda key: _add_value(work, numbers, action, key),
        "translate": lambda key: texts.save(work) if texts else None,
    }
    if answer := handle(work, verbs):
        return answer
    return work.page(
        "admin/work/action.html",
        [form, evidence, update, number, *numbers.values(), *(texts.forms if texts else [])],
        form=form,
        evidence_form=evidence,
        update_form=update,
        indicator_form=number,
        texts=texts,
        evidence=shown,
        updates=updates,
        indicators=list(numbers.items()),
        **_facts_of_action(work, action),
    )


def _facts_of_action(work: Work, action: Action) -> Context:
    """What the page shows beside its forms and rows."""
    citations = [] if action.is_stated else citations_of([action])
    return {
        "title": str(action),
        "subtitle": str(work.city),
        "action": action,
        "record": action,
        "draft": _draft(work, action),
        "point": action.commitment.point,
        "languages": _languages(action),
        "sources": [one.source for one in citations if one.source.url],
        "reviews": action.reviews.order_by("-reviewed_at"),
    }


def _bound(
    work: Work,
    verbs: set[str],
    prefix: str,
    text: str,
    action: Action,
    form: Callable[..., Any],
    **options: Any,
) -> Any:
    """One of the page's forms, filled with what was sent if one of its buttons was pressed. `text`
    names the field that tells in which language it was opened."""
    sent = work.request.POST
    code = written_in(sent, f"{prefix}-{text}", action.source_language)
    return form(action, code)(sent if sent.get("do") in verbs else None, prefix=prefix, **options)


def _numbers_of(work: Work, action: Action) -> dict[Indicator, Any]:
    """Each indicator of an action with the form of its next value."""
    sent = work.request.POST
    found = {}
    for row in action.indicators.prefetch_related("values").order_by("pk"):
        pressed = sent.get("do") == "value" and sent.get("key") == str(row.pk)
        found[row] = value_form(row)(sent if pressed else None, prefix=f"value-{row.pk}")
    return found


def _add_value(work: Work, numbers: dict[Indicator, Any], action: Action, key: int) -> Answer:
    form = next((form for row, form in numbers.items() if row.pk == key), None)
    if form is None:
        raise Http404
    return _add(work, form, action, _("The value is saved."))


def _add(work: Work, form: Any, action: Action, said: str) -> Answer:
    """A part of an action is as public as the action itself."""
    if not form.is_valid():
        return None
    part = form.save(commit=False)
    entries.save(record=part, by=work.user, changed=form.changed_columns())
    if action.published_at:
        entries.publish(record=part, by=work.user)
    return work.done(said)


# --- Translations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """The translation that is edited: a form for the entry and one for each of its parts, saved
    together."""

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
    asked = EditedLanguageForm(work.request.GET)
    if not asked.is_valid():
        raise Http404
    code = asked.cleaned_data["language"]
    if not code or code == record.source_language or not work.may_write:
        return None
    sent = work.request.POST if work.request.POST.get("do") == "translate" else None
    forms = [translation_form(record, code)(sent, instance=record, prefix="text")]
    for part in parts:
        if part.source_language != code and any(
            own_text(part, name, part.source_language) for name in _texts_of(part)
        ):
            prefix = f"text-{part._meta.model_name}-{part.pk}"
            forms.append(translation_form(part, code)(sent, instance=part, prefix=prefix))
    return Texts(code, own_name(code), forms)


def _texts_of(record: Record) -> list[str]:
    return translated_fields(type(record))


def _languages(record: Record | None) -> list[tuple[str, str, State, str]]:
    """Code, own name and state of every translation of a record; none where there is nothing to
    translate."""
    if record is None:
        return []
    states = states_of([record])[record]
    if set(states.values()) == {State.EMPTY}:
        return []
    return [(code, own_name(code), state, STATES[state]) for code, state in states.items()]


# --- The way in -----------------------------------------------------------------------------------


def own_page(request: HttpRequest) -> HttpResponse | None:
    """Whoever coordinates one city goes straight to it."""
    if request.user.is_secretariat or request.GET.get("all"):
        return None
    own = list(City.objects.filter(pk__in=request.user.city_ids())[:2])
    return (
        HttpResponseRedirect(reverse("admin:city_work", args=[own[0].slug]))
        if len(own) == 1
        else None
    )
