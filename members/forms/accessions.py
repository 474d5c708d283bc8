"""The form of an accession file: a draft may lack anything, what it says must be possible."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import Bounds, PartialDateFormField, is_future
from languages.fields import LineFormField, ProseFormField, WebAddressFormField
from languages.text import column, own_text, translated
from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.records import RecordForm
from members.forms.choices import offer
from members.forms.documents import ACCEPTED, checked_document
from members.models import Accession, Document, LegalAct, Point, Signatory, Unit
from members.models.reach import PERSONAL_MAILBOX

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_LINE = 1000
LONGEST_NAME = 200
MOST_LINES = 30
LONGEST_TEXT = LONGEST_LINE * MOST_LINES

# What describes a decision, a signed act or an office that is not recorded yet.
BASIS_FIELDS = (
    "basis_kind",
    "basis_number",
    "basis_body",
    "basis_title",
    "basis_passed",
    "basis_url",
    "basis_file",
)
ACT_FIELDS = ("act_signed", "act_signatories", "act_file", "act_exists")
OFFICE_FIELDS = ("office_name", "office_email")


@dataclass
class NewParts:
    """What the form holds beside the file's own fields, checked but not saved.

    `papers`: files for acts that are recorded already; `mailbox`: a recorded office with its new
    address. `chosen`: keys of suggested actions. `own`: lines of own actions by the key of their
    point.
    """

    legal_basis: LegalAct | None = None
    signed_act: LegalAct | None = None
    signatories: list[Signatory] = field(default_factory=list)
    focal_point: Unit | None = None
    papers: list[tuple[LegalAct, Document]] = field(default_factory=list)
    mailbox: Unit | None = None
    attachment: Document | None = None
    chosen: set[int] = field(default_factory=set)
    own: dict[int, list[str]] = field(default_factory=dict)


def upload(label: "StrOrPromise") -> KeptFileField:
    """The field of a file that a city sends with its accession."""
    return KeptFileField(
        label=label,
        required=False,
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, at most 20 MB. Nobody reads it but your city and the network."
        ),
        accept=ACCEPTED,
    )


class AccessionForm(RecordForm):
    """The whole file on one page.

    Acts, the office and papers that are recorded are chosen; new ones are described beside them.
    """

    basis_kind = forms.ChoiceField(
        label=pgettext_lazy("of a legal act", "Kind"),
        required=False,
        choices=[
            ("", "—"),
            *(choice for choice in LegalAct.Kind.choices if choice[0] != LegalAct.Kind.SIGNED_ACT),
        ],
    )
    basis_number = LineFormField(label=gettext_lazy("Number"), max_length=100, required=False)
    basis_body = LineFormField(
        label=gettext_lazy("Who decided"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: Rada Miasta Krakowa. In its own language."),
    )
    basis_title = LineFormField(label=gettext_lazy("Title"), max_length=500, required=False)
    basis_passed = PartialDateFormField(
        bounds=Bounds.HAPPENED, label=gettext_lazy("Date of the decision"), required=False
    )
    basis_url = WebAddressFormField(
        label=gettext_lazy("Where it can be read"),
        max_length=1000,
        required=False,
    )
    basis_file = upload(gettext_lazy("The decision as a file"))

    act_signed = PartialDateFormField(
        bounds=Bounds.HAPPENED, label=gettext_lazy("Date of the signature"), required=False
    )
    act_signatories = ProseFormField(
        label=gettext_lazy("Signed by"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "One person per line: the name, a comma, the office. Some cities sign with two."
        ),
    )
    act_exists = forms.BooleanField(
        label=gettext_lazy("The act was signed, but neither its day nor the file is at hand"),
        required=False,
    )
    act_file = upload(gettext_lazy("The signed act as a file"))

    office_name = LineFormField(
        label=gettext_lazy("Name of the office"), max_length=250, required=False
    )
    office_email = forms.EmailField(
        label=gettext_lazy("Its shared mailbox"),
        required=False,
        help_text=gettext_lazy("A shared mailbox, not a person’s: it stays when people leave."),
    )

    paper_title = LineFormField(label=gettext_lazy("What it is"), max_length=300, required=False)
    paper_file = upload(gettext_lazy("A further file"))

    class Meta:
        model = Accession
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = NewParts()
        self._offer_own_rows()

    def _offer_own_rows(self) -> None:
        """Acts, offices and papers of this city; a signed act is no legal basis."""
        city = self.instance.city_id
        acts = LegalAct.objects.filter(city=city)
        signed_act = LegalAct.Kind.SIGNED_ACT
        choices = {
            "legal_basis": acts.exclude(kind=signed_act),
            "signed_act": acts.filter(kind=signed_act),
            "focal_point": Unit.objects.filter(city=city),
            "attachments": Document.objects.filter(city=city),
        }
        for name, rows in choices.items():
            if name in self.fields:
                offer(self.fields[name], rows.order_by("pk"))

    def further_values(self) -> dict[str, Any]:
        """What was chosen and added under each point so far."""
        choices = self.instance.choices.values_list("suggested_action", flat=True)
        chosen = set(choices)
        lines = self._own_lines()
        values: dict[str, Any] = {}
        for name, form_field in self.fields.items():
            if isinstance(form_field, ChosenField):
                keys = form_field.keys
                values[name] = [key for key in keys if key in chosen]
            elif isinstance(form_field, OwnActionsField):
                lines_of_point = lines.get(form_field.point_id, [])
                values[name] = "\n".join(lines_of_point)
        return values

    def _own_lines(self) -> dict[int, list[str]]:
        """The city's own actions by the key of their point, as they were written."""
        lines: dict[int, list[str]] = {}
        for action in self.instance.own_actions.order_by("order"):
            language = action.source_language
            text = own_text(action, "text", language)
            if not text:
                text = str(translated(action, "text"))
            lines_of_point = lines.setdefault(action.point_id, [])
            lines_of_point.append(text)
        return lines

    # --- What is new ------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._read_basis(cleaned)
        self._read_act(cleaned)
        self._read_office(cleaned)
        self._read_paper(cleaned)
        self._read_actions(cleaned)
        return cleaned

    def _read_paper(self, cleaned: dict[str, Any]) -> None:
        title = cleaned.get("paper_title") or _("Attachment")
        self.parts.attachment = self._document("paper_file", title)

    def _read_actions(self, cleaned: dict[str, Any]) -> None:
        """What is chosen and added under each point."""
        parts = self.parts
        for name, form_field in self.fields.items():
            value = cleaned.get(name)
            if isinstance(form_field, ChosenField):
                parts.chosen |= set(value or ())
            elif isinstance(form_field, OwnActionsField):
                parts.own[form_field.point_id] = (value or "").splitlines()

    def _read_basis(self, cleaned: dict[str, Any]) -> None:
        if self._adds_paper("basis_file", BASIS_FIELDS, "legal_basis"):
            return
        if not self._is_described(BASIS_FIELDS, cleaned, "legal_basis"):
            return
        kind = cleaned.get("basis_kind")
        if not kind:
            self.add_error("basis_kind", _("Choose what kind of decision it is."))
        number = cleaned.get("basis_number") or ""
        self._refuse_known_number(number)
        act = self._act(kind or LegalAct.Kind.OTHER)
        act.number = number
        act.body = cleaned.get("basis_body") or ""
        act.title = cleaned.get("basis_title") or ""
        act.url = cleaned.get("basis_url") or ""
        act.passed = cleaned.get("basis_passed") or ""
        title = act.title or _("Decision to join")
        act.document = self._document("basis_file", title)
        self.parts.legal_basis = act

    def _refuse_known_number(self, number: str) -> None:
        if not number:
            return
        city = self.instance.city_id
        acts = LegalAct.objects.filter(city=city, number=number)
        if acts.exists():
            message = _("An act with this number is recorded already: choose it above.")
            self.add_error("basis_number", message)

    def _read_act(self, cleaned: dict[str, Any]) -> None:
        if self._adds_paper("act_file", ACT_FIELDS, "signed_act"):
            return
        if not self._is_described(ACT_FIELDS, cleaned, "signed_act"):
            return
        act = self._act(LegalAct.Kind.SIGNED_ACT)
        act.passed = cleaned.get("act_signed") or ""
        if is_future(act.passed):
            message = _("This day lies in the future: an act is recorded once it is signed.")
            self.add_error("act_signed", message)
        title = _("Act of Accession and Commitment")
        act.document = self._document("act_file", title)
        lines = cleaned.get("act_signatories") or ""
        parts = self.parts
        parts.signed_act = act
        parts.signatories = self._signatories(lines)

    def _adds_paper(self, name: str, names: Iterable[str], choice: str) -> bool:
        """Whether a file alone is sent beside a recorded act: then it is that act's."""
        act = self.cleaned_data.get(choice)
        if not act or self._filled(names) != [name]:
            return False
        document = self._document(name, str(act))
        if document is not None:
            self.parts.papers.append((act, document))
        return True

    def _corrects_mailbox(self) -> bool:
        """Whether an address alone is sent beside a recorded office: then it is that office's."""
        office = self.cleaned_data.get("focal_point")
        if not office or self._filled(OFFICE_FIELDS) != ["office_email"]:
            return False
        office.email = self.cleaned_data["office_email"]
        if office.has_personal_mailbox:
            self.add_error("office_email", PERSONAL_MAILBOX)
        self.parts.mailbox = office
        return True

    def _filled(self, names: Iterable[str]) -> list[str]:
        filled = []
        for name in names:
            value = self.cleaned_data.get(name)
            if value:
                filled.append(name)
        return filled

    def _read_office(self, cleaned: dict[str, Any]) -> None:
        if self._corrects_mailbox():
            return
        if not self._is_described(OFFICE_FIELDS, cleaned, "focal_point"):
            return
        name = cleaned.get("office_name")
        if not name:
            self.add_error("office_name", _("Write the name of the office."))
            return
        accession = self.instance
        language = cleaned.get("source_language") or accession.source_language
        office = Unit(
            city_id=accession.city_id,
            source_language=language,
            email=cleaned.get("office_email") or "",
        )
        setattr(office, column("name", language), name)
        if office.has_personal_mailbox:
            self.add_error("office_email", PERSONAL_MAILBOX)
        self.parts.focal_point = office

    def _is_described(self, names: Iterable[str], cleaned: dict[str, Any], choice: str) -> bool:
        """Whether these fields describe something new.

        An error where a recorded one was also chosen in the field `choice`.
        """
        filled = self._filled(names)
        if not filled or not cleaned.get(choice):
            return bool(filled)
        message = _(
            "Choose a recorded one above or describe a new one here, not both. A file or an "
            "address alone is added to the recorded one."
        )
        self.add_error(filled[0], message)
        return False

    def _act(self, kind: str) -> LegalAct:
        language = self.instance.source_language
        return LegalAct(
            city_id=self.instance.city_id, kind=kind, language=language, source_language=language
        )

    def _signatories(self, text: str) -> list[Signatory]:
        """One person per line: the name, a comma, the office."""
        signatories: list[Signatory] = []
        for line in text.splitlines():
            person = line.strip()
            if not person:
                continue
            order = len(signatories) + 1
            signatory = self._signatory(order, person)
            signatories.append(signatory)
        return signatories

    def _signatory(self, order: int, line: str) -> Signatory:
        name, _comma, office = (part.strip() for part in line.partition(","))
        if not office:
            message = _("“%(line)s” names no office. Write the name, a comma and the office.")
            error = ValidationError(message, params={"line": line[:100]})
            self.add_error("act_signatories", error)
        if max(len(name), len(office)) > LONGEST_NAME:
            message = _(
                "“%(line)s…” is too long: a name and an office have at most %(most)d characters "
                "each."
            )
            error = ValidationError(message, params={"line": line[:60], "most": LONGEST_NAME})
            self.add_error("act_signatories", error)
        return Signatory(order=order, name=name, office=office)

    def _document(self, name: str, title: str) -> Document | None:
        """The file that was sent with a field, checked; an error at the field where it is not."""
        upload: UploadedFile[Any] | None = self.cleaned_data.get(name)
        if not upload:
            return None
        accession = self.instance
        try:
            return checked_document(
                upload,
                title=title[:300],
                language=accession.source_language,
                city=accession.city,
            )
        except ValidationError as error:
            self.add_error(name, error)
            return None


class ChosenField(forms.TypedMultipleChoiceField):
    """The suggested actions of one point, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, point: Point) -> None:
        actions = point.suggested_actions.all()
        self.keys = [action.pk for action in actions]
        choices = [(action.pk, str(translated(action, "text"))) for action in actions]
        super().__init__(
            label=_("Suggested actions that the city chooses"),
            choices=choices,
            coerce=int,
            required=False,
        )


class OwnActionsField(ProseFormField):
    """The city's own actions under one point: one per line."""

    def __init__(self, point: Point) -> None:
        self.point_id = point.pk
        attributes = {"rows": 3, "class": "vLargeTextField"}
        super().__init__(
            widget=forms.Textarea(attrs=attributes),
            label=_("The city’s own actions"),
            help_text=_("One per line, in the language of the file."),
            required=False,
            max_length=LONGEST_TEXT,
        )

    def clean(self, value: object) -> str:
        text = super().clean(value)
        lines = []
        for written_line in text.splitlines():
            line = " ".join(written_line.split())
            if line:
                lines.append(line)
        # Each line once, in their order.
        lines = list(dict.fromkeys(lines))
        if len(lines) > MOST_LINES:
            message = _("These are more than %(most)d actions for one point.")
            raise ValidationError(message % {"most": MOST_LINES})
        is_too_long = any(len(line) > LONGEST_LINE for line in lines)
        if is_too_long:
            message = _("One line is longer than %(most)d characters.")
            raise ValidationError(message % {"most": LONGEST_LINE})
        return "\n".join(lines)

    def has_changed(self, initial: object, data: object) -> bool:
        text = str(data or "")
        lines = text.splitlines()
        with_line_feeds = "\n".join(lines)
        return super().has_changed(initial, with_line_feeds)


def with_points(points: Iterable[Point]) -> type[AccessionForm]:
    """The form with two fields for each point of the plan, whatever their number."""
    fields: dict[str, object] = {}
    for point in points:
        number = point.number
        fields[f"chosen_{number}"] = ChosenField(point)
        fields[f"own_{number}"] = OwnActionsField(point)
    return type("AccessionForm", (AccessionForm,), fields)


class NoteForm(forms.Form):
    """A remark of the secretariat."""

    text = ProseFormField(
        label=gettext_lazy("A further note"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something before you keep the note.")},
    )
