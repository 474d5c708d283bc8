"""The coordinator's page of an action: one form with one saving."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _

from members.citations import citations_of
from members.editing.buttons import Button
from members.editing.forms.buttons import Submission
from members.editing.history import Revision, log_of, revisions
from members.forms.action_page import MOST_LINKS, ActionPageForms, action_page_forms
from members.models import Action
from members.requests import AuthenticatedHttpRequest
from members.services import action_pages, kept
from members.views.work import (
    Context,
    Work,
    buttons_of_actions,
    draft_button,
    key_of,
    languages_of,
)
from members.waiting import point_url

LAST_CHANGES = 3


def action_work(
    request: AuthenticatedHttpRequest, site: Context, slug: str, pk: int
) -> HttpResponse:
    """An action with its evidence, updates, indicators and reviews, and translations of each."""
    work = Work(request, site, slug)
    actions = Action.objects.filter(commitment__city=work.city)
    related = actions.select_related("commitment__city", "commitment__point__plan", "unit")
    action = get_object_or_404(related, pk=key_of(pk))
    language = work.asked_language()

    def build(submission: Submission) -> ActionPageForms:
        return action_page_forms(
            action,
            submission,
            user=work.user,
            extra_language=language,
        )

    forms = work.open(build)
    if answer := work.pressed(_buttons(work, forms)):
        return answer
    return work.page(
        "admin/action_work.html",
        form=forms.action,
        texts=forms.texts,
        indicators=list(forms.values.items()),
        **_facts_of_action(work, action),
    )


def _facts_of_action(work: Work, action: Action) -> Context:
    """What the page shows beside its forms."""
    citations = [] if action.is_stated else citations_of([action])
    sources = [one.source for one in citations]
    person = work.user
    return {
        "title": str(action),
        "subtitle": str(work.city),
        "action": action,
        "record": action,
        "draft": work.draft_of(action),
        "point": action.commitment.point,
        "languages": languages_of(action),
        "updates": action.updates.order_by("-on", "-pk"),
        "sources": [source for source in sources if source.url],
        "reviews": action.reviews.order_by("-reviewed_at"),
        "last_changes": _last_changes(action),
        "may_delete": person.has_perm("delete", action),
    }


def _last_changes(action: Action) -> list[Revision]:
    return revisions(log_of(action)[:LAST_CHANGES], Action)


# --- Buttons --------------------------------------------------------------------------------------


def _buttons(work: Work, forms: ActionPageForms) -> dict[str, Button]:
    links = min(len(forms.links) + 1, MOST_LINKS)
    return {
        "save": _save(work, forms, publish=False, message=_("Saved.")),
        "publish": _save(work, forms, publish=True, message=_("It is public now.")),
        "draft": _save_draft(work, forms),
        "more-links": work.button_again(f"#link-{links - 1}", links=str(links)),
        "forget": work.forget_button(),
        **work.language_buttons(),
        **work.keeping(buttons_of_actions(work)),
    }


def _save(work: Work, forms: ActionPageForms, *, publish: bool, message: str) -> Button:
    def save(key: int) -> None:
        try:
            action_pages.save(page=forms.page(publish=publish), by=work.user)
        except ValidationError as error:
            raise _with_way_to_the_point(error, forms.action.instance) from error
        kept.forget_used(forms=forms.each(), by=work.user)
        work.forget()

    errors_at = forms.action if forms.action.is_bound else None
    return Button(save, work.says(message), form=forms, errors_at=errors_at)


def _with_way_to_the_point(error: ValidationError, action: Action) -> ValidationError:
    """The refusal; one for the answer to the point links to the page where it is changed."""
    if getattr(error, "code", "") != "not_chosen":
        return error
    link = format_html(
        '{} <a href="{}">{}</a>',
        error.message,
        point_url(action.commitment),
        action.commitment.point,
    )
    return ValidationError(link, code=error.code)


def _save_draft(work: Work, forms: ActionPageForms) -> Button:
    def content() -> Context:
        _refuse_what_no_draft_keeps(forms)
        return {
            "values": forms.draft_values(),
            "marks": forms.draft_marks(),
            "rows": forms.draft_rows(),
        }

    return draft_button(work, forms.action, content)


def _refuse_what_no_draft_keeps(forms: ActionPageForms) -> None:
    if forms.files.has_changed():
        message = _("A draft keeps no files. Save the file first, then the draft.")
        raise ValidationError(message, code="files")
    if forms.has_more_than_a_draft_keeps:
        message = _(
            "A draft keeps no values of numbers and no translations of evidence and updates. Save "
            "those first, then the draft."
        )
        raise ValidationError(message, code="parts")
