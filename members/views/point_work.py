"""The coordinator's page of a point: what the city says about it, and what it does."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.editing.buttons import Button
from members.editing.forms.buttons import Submission
from members.forms.point_page import PointPageForms, point_page_forms
from members.forms.workplace import WorkForm
from members.models import Action, Commitment, Point, SuggestedAction
from members.neighbors import who_works_on
from members.requests import AuthenticatedHttpRequest
from members.services import choosing, point_pages
from members.strip import has_evidence
from members.views.work import (
    Context,
    Work,
    buttons_of_actions,
    confirm_button,
    draft_button,
    key_of,
    languages_of,
)
from members.waiting import action_url


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
    language = work.asked_language()

    def build(submission: Submission) -> PointPageForms:
        return point_page_forms(
            promise,
            submission,
            user_language=work.user.language,
            button=work.button,
            extra_language=language,
        )

    forms = work.open(build)
    if answer := work.pressed(_buttons(work, point, forms)):
        return answer
    return work.page(
        "admin/point_work.html",
        form=forms.promise,
        own=forms.own,
        texts=forms.texts,
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
        "draft": work.draft_of(row),
        "languages": languages_of(row),
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


# --- Buttons --------------------------------------------------------------------------------------


def _buttons(work: Work, point: Point, forms: PointPageForms) -> dict[str, Button]:
    steps = {"confirm": confirm_button(work), **buttons_of_actions(work)}
    return {
        "save": _save(
            work,
            point,
            forms,
            publish=False,
            message=_("Saved."),
        ),
        "publish": _save(work, point, forms, publish=True, message=_("It is public now.")),
        "draft": _save_draft(work, forms),
        "take_up": _take_up(work, point, forms),
        "begin": _begin(work, point, forms),
        "forget": work.forget_button(),
        **work.language_buttons(),
        **work.keeping(steps),
    }


def _save(
    work: Work, point: Point, forms: PointPageForms, *, publish: bool, message: str
) -> Button:
    """Save everything on the page; a title that stands there begins an action."""

    def save(key: int) -> Action | None:
        point_pages.save(
            changes=forms.changes(),
            promise=forms.promise.instance,
            small=forms.promise.is_bound and forms.promise.is_small(),
            publish=publish,
            by=work.user,
        )
        work.forget()
        title = forms.own.written_title
        if not title:
            return None
        return choosing.begin(city=work.city, point=point, title=title, by=work.user)

    def answer(begun: Action | None) -> HttpResponse:
        if begun is None:
            hidden = _hidden_actions(forms.promise.instance) if publish else ""
            return work.report(f"{message} {hidden}".strip())
        return work.report(_("Planned. Say when, and publish it."), action_url(begun))

    return Button(
        save,
        answer,
        form=forms,
        errors_at=_bound(forms.promise),
    )


def _hidden_actions(promise: Commitment) -> str:
    """Its actions that the public does not read: publishing a promise publishes none of them."""
    count = promise.actions.filter(published_at=None).count()
    if not count:
        return ""
    words = ngettext(
        "%(count)d of its actions is not public yet: open it to publish it.",
        "%(count)d of its actions are not public yet: open each to publish it.",
        count,
    )
    return words % {"count": count}


def _bound(form: WorkForm) -> WorkForm | None:
    """The form that can say what a service refuses."""
    return form if form.is_bound else None


def _save_draft(work: Work, forms: PointPageForms) -> Button:
    def content() -> Context:
        return {"values": forms.draft_values(), "marks": forms.draft_marks()}

    return draft_button(work, forms.promise, content)


def _take_up(work: Work, point: Point, forms: PointPageForms) -> Button:
    def take_up(key: int) -> Action:
        suggestions = SuggestedAction.objects.public().filter(point=point)
        suggestions = suggestions.select_related("point")
        suggested = get_object_or_404(suggestions, pk=key)
        return choosing.take_up(
            city=work.city,
            suggested=suggested,
            by=work.user,
            says_yes=forms.says_yes,
        )

    return _planning(work, forms, take_up)


def _begin(work: Work, point: Point, forms: PointPageForms) -> Button:
    def begin(key: int) -> Action:
        return choosing.begin(
            city=work.city,
            point=point,
            title=forms.own.written_title,
            by=work.user,
            says_yes=forms.says_yes,
        )

    return _planning(work, forms, begin)


def _planning(work: Work, forms: PointPageForms, service: Callable[[int], Action]) -> Button:
    """Plan an action. What was typed about the point stays on its page; else the action opens."""

    def plan(key: int) -> tuple[Action, bool]:
        action = service(key)
        is_kept = forms.has_words_about_the_point
        if is_kept:
            work.keep(**{"own-title": []})
        else:
            work.forget()
        return action, is_kept

    def answer(result: tuple[Action, bool]) -> HttpResponse:
        action, is_kept = result
        if not is_kept:
            return work.report(_("Planned. Say when, and publish it."), action_url(action))
        words = _("Planned: “%(action)s”. What you typed about the point is not saved yet.")
        # The sentence has its own stop.
        title = str(action).rstrip(".")
        return work.report(words % {"action": title})

    own = forms.own if work.button == "begin" else None
    return Button(plan, answer, form=own)
