"""The coordinator's pages: the city, a point of the plan, an action.

One page shows what belongs together, one language at a time; each step is one button. The pages
stand in the administration, which signs people in and speaks their language.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.names import own_name
from languages.states import STATES, State
from languages.text import own_text, translated_fields
from members.citations import citations_of
from members.editing.buttons import Answer, Button
from members.editing.forms.merging import FormMarks
from members.editing.forms.records import RecordForm
from members.editing.history import recent_in, records_of_cities
from members.forms.workplace import (
    WRITING,
    EditedLanguageForm,
    NewActionForm,
    OtherLanguageForms,
    action_forms,
    promise_form,
    translation_form,
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
from members.requests import AuthenticatedHttpRequest, user_of
from members.services import choosing, commitments, drafts, entries
from members.strip import has_evidence, strips_for
from members.views.work import Context, Work, key_of
from members.waiting import action_url, states_of, waiting_for

RECENT = 8


# --- The city -------------------------------------------------------------------------------------


def city_work(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """What waits, the strip and the points, what changed lately."""
    work = Work(request, site, slug)
    buttons = {
        "confirm_all": _confirm_all(work),
        "confirm": _confirm(work),
        **_buttons_of_actions(work),
    }
    if answer := work.pressed(buttons):
        return answer
    city = work.city
    strip = strips_for([city])[city.pk]
    kinds = [kind for kind in records_of_cities() if work.may_see(kind)]
    has_answers = any(column.own_bars or column.is_refused for column in strip.columns)
    recent = recent_in(city, kinds, RECENT)
    return work.page(
        "admin/city_work.html",
        [],
        title=str(city),
        waiting=waiting_for(city),
        strip=strip,
        points=_points(city, strip),
        recent=recent,
        can_confirm=work.may_speak and has_answers,
        confirm_label=_("Still true: confirm all of it"),
    )


def _points(city: City, strip: Any) -> list[tuple[Point, Any, Commitment | None]]:
    """Each point of the plan with its column of the strip and the city's promise."""
    columns = {column.number: column for column in strip.columns}
    promises = {row.point_id: row for row in city.commitments.all()}
    rows = Point.objects.public().filter(plan__in_force=True)
    points = []
    for point in rows.order_by("number"):
        column = columns.get(point.number)
        promise = promises.get(point.pk)
        points.append((point, column, promise))
    return points


def _confirm_all(work: Work) -> Button:
    def answer(count: int) -> HttpResponse:
        words = ngettext(
            "%(count)d point confirmed: still true today.",
            "%(count)d points confirmed: still true today.",
            count,
        )
        return work.report(words % {"count": count})

    return Button(lambda key: commitments.confirm(city=work.city, by=work.user), answer)


def _confirm(work: Work) -> Button:
    def confirm(key: int) -> None:
        row = get_object_or_404(work.city.commitments, pk=key)
        commitments.confirm(commitment=row, by=work.user)

    return Button(confirm, work.says(_("Confirmed: this is still true today.")))


def _buttons_of_actions(work: Work) -> dict[str, Button]:
    """Buttons of an action of the city, wherever it is listed."""
    denial = _(
        "It is off the public pages, as declared wrong by your city. You can take "
        "that back at any time."
    )
    public_again = _("It is public again, as found in public sources.")
    completion = _("Noted as done today. Add what shows it.")
    return {
        "adopt": _on_action(work, commitments.adopt, _("Your city states this now.")),
        "deny": _on_action(work, commitments.deny, denial),
        "take_back": _on_action(work, commitments.take_back, public_again),
        "finish": _on_action(work, commitments.finish, completion),
    }


def _on_action(work: Work, service: Callable[..., None], message: str) -> Button:
    def call(key: int) -> None:
        rows = Action.objects.filter(commitment__city=work.city)
        action = get_object_or_404(rows, pk=key)
        service(action=action, by=work.user)

    return Button(call, work.says(message))


# --- A point --------------------------------------------------------------------------------------


def point_work(
    request: AuthenticatedHttpRequest, site: Context, slug: str, number: int
) -> HttpResponse:
    """What the city says about a point, its actions, suggestions, and other cities' actions."""
    work = Work(request, site, slug)
    points = Point.objects.public().filter(plan__in_force=True)
    point = get_object_or_404(points, number=key_of(number))
    promises = Commitment.objects.filter(city=work.city, point=point)
    row = promises.select_related("city", "point").first()
    promise = row or _new_promise(work, point)
    form = promise_form(promise, work.submission, work.user.language)
    own = NewActionForm(work.submission.by("begin"), prefix="own")
    texts = _translations(work, row) if row else None
    forms_of_texts = texts.forms if texts else []
    buttons = {
        **_buttons_of_form(work, form),
        "translate": _translate(work, texts),
        "confirm": _confirm(work),
        **_buttons_of_actions(work),
        "take_up": _take_up(work, point),
        "begin": _begin(work, point, own),
    }
    if answer := work.pressed(buttons):
        return answer
    return work.page(
        "admin/point_work.html",
        [form, own, *forms_of_texts],
        form=form,
        own=own,
        texts=texts,
        **_facts_of_point(work, point, row),
    )


def _new_promise(work: Work, point: Point) -> Commitment:
    return Commitment(
        city=work.city,
        point=point,
        source_language=work.user.language,
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
        # A city without anything here begins with what others do.
        "is_empty": not actions and not (row and row.needs_source),
        "suggestions": _suggestions(point, row),
        "neighbors": who_works_on(point, work.city),
        "numbers": _numbers(point),
    }


def _numbers(point: Point) -> list[int]:
    points = Point.objects.public().filter(plan=point.plan_id)
    numbers = points.order_by("number").values_list("number", flat=True)
    return list(numbers)


def _buttons_of_form(work: Work, form: RecordForm) -> dict[str, Button]:
    """Save, publish or draft the entry itself."""
    save, publish, draft = WRITING
    return {
        save: _save(work, form, publish=False, message=_("Saved.")),
        publish: _save(work, form, publish=True, message=_("It is public now.")),
        draft: _save_draft(work, form),
    }


def _save(work: Work, form: RecordForm, *, publish: bool, message: str) -> Button:
    def save(key: int) -> None:
        commitments.save(
            record=form.instance,
            changed=form.changed_columns(),
            small=form.is_small(),
            publish=publish,
            by=work.user,
        )

    return Button(save, work.says(message), form=form, errors_at=form)


def _save_draft(work: Work, form: RecordForm) -> Button:
    """The draft is finished on the page of all fields, which shows other languages too.

    An entry that is not there yet has no draft.
    """
    record = form.instance
    if record.pk is None:
        return Button()

    def save(key: int) -> Draft:
        marks = form.sent_marks() or FormMarks()
        return drafts.save_draft(
            record=record,
            values=form.values(),
            marks=marks.fields,
            by=work.user,
        )

    def answer(draft: Draft) -> HttpResponse:
        text = _("Saved as a draft. The public goes on reading the text as it was.")
        kind = record._meta.model_name
        name = f"admin:members_{kind}_change"
        url = reverse(name, args=[record.pk])
        return work.report(text, url)

    return Button(save, answer, errors_at=form)


def _draft(work: Work, record: Record | None) -> Draft | None:
    """The open draft of a public entry, for those who may see it."""
    if record is None or not record.published_at:
        return None
    if not work.may_write:
        return None
    return drafts.draft_of(record)


def _take_up(work: Work, point: Point) -> Button:
    def take_up(key: int) -> Action:
        suggestions = SuggestedAction.objects.public().filter(point=point)
        suggestions = suggestions.select_related("point")
        suggested = get_object_or_404(suggestions, pk=key)
        return choosing.take_up(
            city=work.city,
            suggested=suggested,
            by=work.user,
        )

    return Button(take_up, _planned(work))


def _begin(work: Work, point: Point, form: NewActionForm) -> Button:
    def begin(key: int) -> Action:
        return choosing.begin(
            city=work.city,
            point=point,
            title=form.cleaned_data["title"],
            by=work.user,
        )

    return Button(begin, _planned(work), form=form)


def _planned(work: Work) -> Answer:
    text = _("Planned. Say when, and publish it.")

    def answer(action: Action) -> HttpResponse:
        return work.report(text, action_url(action))

    return answer


def _actions(row: Commitment | None) -> list[Action]:
    if row is None:
        return []
    actions = row.actions.select_related("commitment__city", "commitment__point")
    actions = actions.annotate(has_evidence=has_evidence())
    in_order = actions.order_by("pk")
    return list(in_order)


def _suggestions(point: Point, row: Commitment | None) -> list[SuggestedAction]:
    """What the city has not taken up yet."""
    suggestions = point.suggested_actions.public().order_by("order")
    if row is None:
        return list(suggestions)
    actions = row.actions.exclude(suggested_action=None)
    keys = actions.values("suggested_action")
    return list(suggestions.exclude(pk__in=keys))


# --- An action ------------------------------------------------------------------------------------


def action_work(
    request: AuthenticatedHttpRequest, site: Context, slug: str, pk: int
) -> HttpResponse:
    """An action with its evidence, updates, indicators and reviews, and one language of each."""
    work = Work(request, site, slug)
    actions = Action.objects.filter(commitment__city=work.city)
    related = actions.select_related("commitment__city", "commitment__point", "unit")
    action = get_object_or_404(related, pk=key_of(pk))
    forms = action_forms(action, work.submission)
    evidence = list(action.evidence.select_related("source", "document").order_by("pk"))
    updates = list(action.updates.order_by("-on", "-pk"))
    texts = _translations(work, action, [*evidence, *updates, *forms.values])
    forms_of_texts = texts.forms if texts else []
    buttons = {
        **_buttons_of_form(work, forms.action),
        **_buttons_of_actions(work),
        "evidence": _add(work, action, forms.evidence, _("The evidence is saved.")),
        "update": _add(work, action, forms.update, _("The update is saved.")),
        "indicator": _add(
            work, action, forms.indicator, _("The number is saved. Add its first value.")
        ),
        "value": _add_value(work, action, forms.values),
        "translate": _translate(work, texts),
    }
    if answer := work.pressed(buttons):
        return answer
    return work.page(
        "admin/action_work.html",
        [*forms.each(), *forms_of_texts],
        form=forms.action,
        evidence_form=forms.evidence,
        update_form=forms.update,
        indicator_form=forms.indicator,
        indicators=list(forms.values.items()),
        texts=texts,
        evidence=evidence,
        updates=updates,
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


def _add(work: Work, action: Action, form: RecordForm, message: str) -> Button:
    """Add a part to the action."""

    def add(key: int) -> None:
        commitments.add_part(
            part=form.save(commit=False),
            action=action,
            changed=form.changed_columns(),
            by=work.user,
        )

    return Button(add, work.says(message), form=form)


def _add_value(work: Work, action: Action, forms: dict[Indicator, RecordForm]) -> Button:
    """Add a value to the indicator whose form was sent; 404 for an indicator of another action."""
    message = _("The value is saved.")
    for form in forms.values():
        if form.is_bound:
            return _add(work, action, form, message)
    return Button(_not_found, work.says(message))


def _not_found(key: int) -> None:
    raise Http404


# --- Translations ---------------------------------------------------------------------------------


def _translate(work: Work, texts: OtherLanguageForms | None) -> Button:
    if texts is None:
        return Button()

    def save(key: int) -> None:
        changes = texts.changes()
        entries.save_all(changes=changes, by=work.user)

    message = _("The translation is saved.")
    return Button(save, work.says(message), form=texts)


def _translations(
    work: Work, record: Record, parts: Iterable[Record] = ()
) -> OtherLanguageForms | None:
    """The texts in the language that the address asks for; None where it asks for none."""
    address = EditedLanguageForm(work.request.GET)
    if not address.is_valid():
        raise Http404
    code = address.cleaned_data["language"]
    if not code or code == record.source_language or not work.may_write:
        return None
    forms = [translation_form(record, code, work.submission, prefix="text")]
    for part in parts:
        if part.source_language != code and _has_source_text(part):
            prefix = f"text-{part._meta.model_name}-{part.pk}"
            forms.append(translation_form(part, code, work.submission, prefix))
    return OtherLanguageForms(code, own_name(code), forms)


def _has_source_text(record: Record) -> bool:
    source = record.source_language
    texts = translated_fields(type(record))
    return any(own_text(record, name, source) for name in texts)


def _languages(record: Record | None) -> list[tuple[str, str, State, Any]]:
    """Code, own name and state of every translation of an entry; none without a source text."""
    if record is None:
        return []
    states = states_of([record])[record]
    if set(states.values()) == {State.EMPTY}:
        return []
    return [(code, own_name(code), state, STATES[state]) for code, state in states.items()]


# --- The way in -----------------------------------------------------------------------------------


def own_page(request: HttpRequest) -> HttpResponse | None:
    """The page of the one city that a person coordinates; None for all others."""
    user = user_of(request)
    if user.is_secretariat or request.GET.get("all"):
        return None
    cities = City.objects.filter(pk__in=user.city_ids())
    first_two = list(cities[:2])
    if len(first_two) != 1:
        return None
    slug = first_two[0].slug
    return HttpResponseRedirect(reverse("admin:city_work", args=[slug]))
