"""The page of a point as one form: the city's answer, a new action, translations."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from members.editing.forms.buttons import Submission
from members.forms.commitments import refuse_text_of_earlier_answer
from members.forms.workplace import (
    Change,
    OtherLanguageForms,
    PageForm,
    WorkForm,
    are_valid,
    changes_in,
    form_class_of,
    is_written,
    marks_of,
    texts_in,
    translation_forms,
    values_of,
)
from members.models import Commitment
from members.models.commitments import Answer


class NewActionForm(PageForm):
    """A new action of the city's own, of which the person writes the title first.

    `is_asked`: the person pressed its button, so that the title is needed.
    """

    title = LineFormField(
        label=_("What your city does, in a few words"), max_length=250, required=False
    )

    def __init__(
        self, submission: Submission, *, is_checked: bool = False, is_asked: bool = False
    ) -> None:
        super().__init__(**submission.arguments("own"))
        self.is_checked = is_checked
        self.fields["title"].required = is_asked
        self.use_required_attribute = False

    @property
    def written_title(self) -> str:
        return str(self.cleaned_data["title"]) if self.is_bound else ""


@dataclass(frozen=True)
class PointPageForms:
    """All forms of the page. `promise` is the city's answer."""

    promise: WorkForm
    own: NewActionForm
    texts: list[OtherLanguageForms]

    def each(self) -> list[BaseForm]:
        return [self.promise, self.own, *self._texts()]

    def _texts(self) -> list[WorkForm]:
        return [form for panel in self.texts for form in panel.forms]

    def is_valid(self) -> bool:
        return are_valid(self.each())

    @property
    def has_words_about_the_point(self) -> bool:
        """Whether anything beside the title of a new action was typed and not saved yet."""
        return any(form.is_written for form in (self.promise, *self._texts()))

    @property
    def is_written(self) -> bool:
        """Whether anything on the page was typed, and not saved yet."""
        return self.own.has_changed() or self.has_words_about_the_point

    @property
    def says_yes(self) -> bool:
        """Whether "yes" is ticked on the page, saved or not."""
        return bool(self.promise["chosen"].value() == Answer.YES)

    def changes(self) -> list[Change]:
        return changes_in([self.promise, *self._texts()])

    def draft_values(self) -> dict[str, Any]:
        """The texts in all languages of the page, as a draft holds them."""
        return values_of([self.promise, *self._texts()])

    def draft_marks(self) -> dict[str, str]:
        return marks_of([self.promise, *self._texts()])


class PromiseForm(WorkForm):
    """The city's answer under a point, with its text."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_text_of_earlier_answer(self)
        return cleaned


def point_page_forms(
    promise: Commitment,
    submission: Submission,
    *,
    user_language: str,
    button: str,
    extra_language: str,
) -> PointPageForms:
    """`button` was pressed; `extra_language`: a translation that the address asks for."""
    is_saved = promise.pk is not None
    own = NewActionForm(
        submission,
        is_checked=submission.is_checked or button == "begin",
        is_asked=button == "begin",
    )
    return PointPageForms(
        promise=promise_form(promise, submission, user_language),
        own=own,
        texts=translation_forms(promise, [], submission, extra_language) if is_saved else [],
    )


def promise_form(promise: Commitment, submission: Submission, language: str) -> WorkForm:
    """The answer, the promise, the office. `language`: of a promise that has no text yet."""
    code = promise.source_language if is_written(promise) else language
    code = submission.language("promise-statement", code)
    names = ["chosen", *texts_in(Commitment, code), "unit"]
    options = {
        "widgets": {"chosen": forms.RadioSelect},
        "labels": {"chosen": _("Does your city work on this point?")},
        "help_texts": {"chosen": _("“No” is a good answer too: it is not “not known”.")},
    }
    form_class = form_class_of(Commitment, PromiseForm, names, **options)
    preset = {
        "city": promise.city,
        "point": promise.point,
        "source_language": code,
        "fictional": promise.city.fictional,
    }
    return form_class(
        **submission.arguments("promise"),
        instance=promise,
        preset=preset,
        first_language=code,
        is_checked=submission.is_checked,
    )
