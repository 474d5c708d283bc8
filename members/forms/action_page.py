"""The page of an action as one form: the action, what shows it, what happened, its numbers.

Rows that are new (a link, an update, a value) stand there empty; what was left empty is no row.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.text import column
from members.editing.forms.buttons import Submission
from members.editing.forms.draft_rows import DraftRows
from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.rows import SeveralRows
from members.forms.commitments import EvidenceForm, IndicatorValueForm
from members.forms.documents import ACCEPTED, check_upload, note_file
from members.forms.workplace import (
    Change,
    OtherLanguageForms,
    PageForm,
    WorkForm,
    are_valid,
    changes_in,
    form_class_of,
    marks_of,
    translation_forms,
    values_of,
)
from members.models import (
    Action,
    ActionUpdate,
    Document,
    Evidence,
    Indicator,
    IndicatorValue,
    Point,
    Record,
    User,
)

MOST_LINKS = 20


class LinkCountForm(forms.Form):
    """How many empty links stand on the page."""

    links = forms.IntegerField(min_value=1, max_value=MOST_LINKS)


class PieceForm(WorkForm):
    """A piece of evidence that is recorded: it can be removed, and kept from the public."""

    remove = forms.BooleanField(
        label=pgettext_lazy("a piece of evidence", "Remove"), required=False
    )

    class Meta:
        model = Evidence
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.where = str(self.instance)
        self.fields["office_only"].help_text = ""


class LinkForm(WorkForm, EvidenceForm):
    """A link that shows what was done."""

    where = _("Add a link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_only"].help_text = _(
            "Otherwise the link is public together with the action."
        )


class ValueForm(WorkForm, IndicatorValueForm):
    """The next value of an indicator."""


class FilesForm(PageForm):
    """New files, and files that the city uploaded before.

    The files are always checked: what is wrong with a file cannot wait, because it is not kept.
    """

    files = KeptFileField(  # type: ignore[assignment]
        label=_("Add files"),
        required=False,
        is_multiple=True,
        check=check_upload,
        accept=ACCEPTED,
        help_text=_("PDF, JPEG or PNG, up to 20 MB each. You can choose several."),
    )
    documents = SeveralRows(
        queryset=Document.objects.none(),
        label=_("Files that your city uploaded before"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    office_only = forms.BooleanField(
        label=_("Only for the network’s office"),
        required=False,
        help_text=_("Otherwise the files are public together with the action."),
    )

    def __init__(self, *args: Any, action: Action, keeper: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.new_documents: list[Document] = []
        files, documents = self.fields["files"], self.fields["documents"]
        if isinstance(files, KeptFileField):
            files.owner = keeper
        if isinstance(documents, SeveralRows):
            city = action.commitment.city
            own_documents = action.evidence.exclude(document=None).values("document")
            documents.queryset = city.documents.exclude(pk__in=own_documents).order_by("-pk")

    def clean_files(self) -> list[Document]:
        """New documents of the city. The same file twice is refused, also among the new ones."""
        city = self.action.commitment.city
        present = set(self.action.evidence.values_list("document__sha256", flat=True))
        documents: dict[str, Document] = {}
        for upload in self.cleaned_data["files"]:
            title = title_of(upload.name or "")
            language = self.action.source_language
            document = Document(title=title, language=language, city=city, file=upload)
            note_file(document, upload)
            if document.sha256 in present or document.sha256 in documents:
                message = gettext("“%(name)s”: this action has this evidence already.")
                raise ValidationError(message, "double", {"name": upload.name})
            documents[document.sha256] = document
        self.new_documents = list(documents.values())
        return self.new_documents


def title_of(filename: str) -> str:
    """The title of a document from the name of its file: `annual-report_2026.pdf`."""
    stem = PurePath(filename).stem
    words = re.sub(r"[_\s]+", " ", stem).strip()
    return words[:300] or gettext("Document")


@dataclass(frozen=True)
class ActionPage:
    """What a person wrote on the page of an action, checked.

    `rows`: the action and rows below it that changed, `parts`: new ones, each with its changed
    columns of texts. `documents`: new evidence, which the public does not read if `office_only`.
    """

    action: Action
    rows: list[Change]
    parts: list[Change]
    removed: list[Evidence]
    documents: list[Document]
    office_only: bool = False
    small: bool = False
    publish: bool = False
    # None where the person left them as they were.
    further_points: list[Point] | None = None


@dataclass(frozen=True)
class ActionPageForms:
    """All forms of the page. `values`: the next value of each indicator."""

    action: WorkForm
    pieces: list[PieceForm]
    links: list[LinkForm]
    files: FilesForm
    update: WorkForm
    indicator: WorkForm
    values: dict[Indicator, ValueForm]
    texts: list[OtherLanguageForms]

    def each(self) -> list[BaseForm]:
        return [
            self.action,
            *self.pieces,
            *self.links,
            self.files,
            self.update,
            *self.values.values(),
            self.indicator,
            *self._texts(),
        ]

    def _texts(self) -> list[WorkForm]:
        return [form for panel in self.texts for form in panel.forms]

    def is_valid(self) -> bool:
        results = [are_valid(self.each()), self._has_every_link_once()]
        return all(results)

    def _has_every_link_once(self) -> bool:
        addresses = set()
        is_once = True
        for form in self._written_links():
            url = form.cleaned_data.get("url")
            if url and url in addresses:
                form.refuse_double(["source"])
                is_once = False
            addresses.add(url)
        return is_once

    def _written_links(self) -> list[LinkForm]:
        return [form for form in self.links if form.is_written and form.is_valid()]

    @property
    def is_written(self) -> bool:
        """Whether anything on the page was typed or chosen, and not saved yet."""
        rows = [form for form in self.each() if isinstance(form, WorkForm)]
        return self.files.has_changed() or any(form.is_written for form in rows)

    def removed(self) -> list[Evidence]:
        return [form.instance for form in self.pieces if _is_removed(form)]

    def parts(self) -> list[Change]:
        """New rows below the action."""
        new = [*self.links, self.update, self.indicator, *self.values.values()]
        return changes_in(new)

    def page(self, *, publish: bool) -> ActionPage:
        """What is to be saved, after `is_valid`."""
        remaining = [form for form in self.pieces if not _is_removed(form)]
        gone = {row.pk for row in self.removed()}
        texts = [form for form in self._texts() if not _is_of(form, gone)]
        documents = [*self.files.new_documents]
        if self.files.is_bound:
            documents += self.files.cleaned_data["documents"]
        return ActionPage(
            action=self.action.instance,
            rows=changes_in([self.action, *remaining, *texts]),
            parts=self.parts(),
            removed=self.removed(),
            documents=documents,
            office_only=self.files.is_bound and self.files.cleaned_data["office_only"],
            small=self.action.is_bound and self.action.is_small(),
            publish=publish,
            further_points=self._further_points(),
        )

    def _further_points(self) -> list[Point] | None:
        if not self.action.is_bound or "further_points" not in self.action.changed_data:
            return None
        return list(self.action.cleaned_data["further_points"])

    # --- A draft ----------------------------------------------------------------------------------

    def _of_the_action(self) -> list[WorkForm]:
        texts = [form for form in self._texts() if isinstance(form.instance, Action)]
        return [self.action, *texts]

    def draft_values(self) -> dict[str, Any]:
        """The texts of the action in all languages of the page, as a draft holds them."""
        return values_of(self._of_the_action())

    def draft_marks(self) -> dict[str, str]:
        return marks_of(self._of_the_action())

    def draft_rows(self) -> DraftRows:
        """New rows and removed ones, under the names that the page of all fields has for them."""
        rows: DraftRows = {}
        groups: list[tuple[str, list[WorkForm]]] = [
            ("evidence", list(self.links)),
            ("updates", [self.update]),
            ("indicators", [self.indicator]),
        ]
        for group, forms_of_rows in groups:
            new = [form for form in forms_of_rows if form.is_written]
            if new:
                rows[group] = [{"key": "", "values": form.values(), "marks": ""} for form in new]
        removed = [
            {"key": str(form.instance.pk), "values": {"DELETE": True}, "marks": ""}
            for form in self.pieces
            if _is_ticked(form)
        ]
        if removed:
            rows["evidence"] = [*rows.get("evidence", []), *removed]
        return rows

    @property
    def has_more_than_a_draft_keeps(self) -> bool:
        """Values of indicators, and texts of parts in other languages, have no place in it."""
        texts = [form for form in self._texts() if not isinstance(form.instance, Action)]
        return any(form.is_written for form in (*self.values.values(), *texts))


def _is_removed(form: PieceForm) -> bool:
    return form.is_bound and bool(form.cleaned_data.get("remove"))


def _is_ticked(form: PieceForm) -> bool:
    """The tick of a form that is not checked."""
    return form.is_bound and bool(form.data.get(form.add_prefix("remove")))


def _is_of(form: WorkForm, evidence: set[Any]) -> bool:
    return isinstance(form.instance, Evidence) and form.instance.pk in evidence


# --- The forms of a request -----------------------------------------------------------------------


def action_page_forms(
    action: Action, submission: Submission, *, user: User, extra_language: str = ""
) -> ActionPageForms:
    """The action is written in its source language, and so are its parts.

    `extra_language`: a translation that the address asks for.
    """
    indicators = action.indicators.prefetch_related("values").order_by("pk")
    values = {one: _value_form(one, submission) for one in indicators}
    evidence = action.evidence.select_related("source", "document").order_by("pk")
    pieces = [_piece_form(piece, submission) for piece in evidence]
    parts: list[Record] = [form.instance for form in pieces]
    if submission.open_languages(extra_language):
        parts += action.updates.order_by("-on", "-pk")
        parts += indicators
    return ActionPageForms(
        action=_action_form(action, submission),
        pieces=pieces,
        links=_link_forms(action, submission),
        files=FilesForm(**submission.arguments("proof"), action=action, keeper=user),
        update=_update_form(action, submission),
        indicator=_indicator_form(action, submission),
        values=values,
        texts=translation_forms(action, parts, submission, extra_language),
    )


def _action_form(action: Action, submission: Submission) -> WorkForm:
    code = submission.language("action-title", action.source_language)
    names = [
        column("title", code),
        column("description", code),
        "status",
        column("stopped_why", code),
        "status_as_of",
        "starts",
        "due",
        "unit",
        "existed_before",
        "carried_by",
        "further_points",
    ]
    widgets = {
        "status": forms.RadioSelect,
        "existed_before": forms.RadioSelect,
        "further_points": forms.CheckboxSelectMultiple,
    }
    kinds = {"further_points": SeveralRows}
    form_class = form_class_of(Action, WorkForm, names, widgets=widgets, field_classes=kinds)
    form = form_class(
        **submission.arguments("action"), instance=action, is_checked=submission.is_checked
    )
    points = form.fields["further_points"]
    if isinstance(points, SeveralRows):
        own = action.commitment.point
        points.queryset = own.plan.points.public().exclude(pk=own.pk).order_by("number")
    return form


def _piece_form(piece: Evidence, submission: Submission) -> PieceForm:
    form_class = form_class_of(Evidence, PieceForm, ["office_only"])
    arguments = submission.arguments(f"piece-{piece.pk}")
    return form_class(**arguments, instance=piece, is_checked=submission.is_checked)


def _link_forms(action: Action, submission: Submission) -> list[LinkForm]:
    """Links to add: an address, its title, what it shows, and whether the public reads them."""
    code = submission.language("link-0-note", action.source_language)
    names = ["url", "source_title", column("note", code), "office_only"]
    form_class = form_class_of(Evidence, LinkForm, names)
    count = LinkCountForm(submission.fields)
    number = count.cleaned_data["links"] if count.is_valid() else 1
    forms_of_links = []
    for index in range(number):
        form = form_class(**_new(submission, f"link-{index}"), preset=_part_preset(action, code))
        form.order_fields(names)
        forms_of_links.append(form)
    return forms_of_links


def _update_form(action: Action, submission: Submission) -> WorkForm:
    """One or two sentences and a date."""
    code = submission.language("update-text", action.source_language)
    names = [column("text", code), "on"]
    form_class = form_class_of(ActionUpdate, WorkForm, names)
    form = form_class(**_new(submission, "update"), preset=_part_preset(action, code))
    form.order_fields(names)
    form.where = _("Something new")
    return form


def _indicator_form(action: Action, submission: Submission) -> WorkForm:
    """A number that follows the action: its name, and how it is measured."""
    code = submission.language("indicator-name", action.source_language)
    names = [column("name", code), column("measure", code)]
    form_class = form_class_of(Indicator, WorkForm, names)
    preset = {**_part_preset(action, code), "commitment": action.commitment}
    form = form_class(**_new(submission, "indicator"), preset=preset)
    form.where = _("Add a number to follow")
    return form


def _value_form(indicator: Indicator, submission: Submission) -> ValueForm:
    """A dated value with where it comes from."""
    names = ["on", "value", "url", "source_title"]
    form_class = form_class_of(IndicatorValue, ValueForm, names)
    preset = {
        "indicator": indicator,
        "source_language": indicator.source_language,
        "fictional": indicator.fictional,
    }
    form = form_class(**_new(submission, f"value-{indicator.pk}"), preset=preset)
    form.order_fields(names)
    form.where = str(indicator)
    return form


def _new(submission: Submission, prefix: str) -> dict[str, Any]:
    """Arguments of the form of a new row, which may be left empty."""
    return {
        **submission.arguments(prefix),
        "is_checked": submission.is_checked,
        "empty_permitted": True,
        "use_required_attribute": False,
    }


def _part_preset(action: Action, code: str) -> dict[str, Any]:
    return {"action": action, "source_language": code, "fictional": action.fictional}
