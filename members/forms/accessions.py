"""What may be typed into an accession file. Anything may be missing in a draft; what is there must
be possible."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import PartialDateFormField, is_future
from languages.text import own_text, translated
from members.editing.forms.records import RecordForm
from members.forms.documents import checked_document
from members.models import Accession, Document, LegalAct, Point, Signatory, Unit

LONGEST_LINE = 1000
LONGEST_NAME = 200
MOST_LINES = 30


@dataclass
class NewParts:
    """What was typed beside the file's own fields, checked but not saved."""

    legal_basis: LegalAct | None = None
    signed_act: LegalAct | None = None
    signatories: list[Signatory] = field(default_factory=list)
    focal_point: Unit | None = None
    attachment: Document | None = None
    # Keys of suggested actions, and lines of own actions by key of their point.
    chosen: set[int] = field(default_factory=set)
    own: dict[int, list[str]] = field(default_factory=dict)


def upload(label: str | Promise) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, at most 20 MB. Nobody reads it but your city and the network."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "empty": gettext_lazy(
                "This file is empty: it has 0 bytes. Save it again and choose it anew."
            ),
        },
    )


class AccessionForm(RecordForm):
    """The whole file on one page. Acts, the office and papers that are recorded already are chosen;
    new ones are typed in beside."""

    basis_kind = forms.ChoiceField(
        label=pgettext_lazy("of a legal act", "Kind"),
        required=False,
        choices=[
            ("", "—"),
            *(choice for choice in LegalAct.Kind.choices if choice[0] != LegalAct.Kind.SIGNED_ACT),
        ],
    )
    basis_number = forms.CharField(label=gettext_lazy("Number"), max_length=100, required=False)
    basis_body = forms.CharField(
        label=gettext_lazy("Who decided"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: Rada Miasta Krakowa. In its own language."),
    )
    basis_title = forms.CharField(label=gettext_lazy("Title"), max_length=500, required=False)
    basis_passed = PartialDateFormField(label=gettext_lazy("Date of the decision"), required=False)
    basis_url = forms.URLField(
        label=gettext_lazy("Where it can be read"),
        max_length=1000,
        required=False,
        assume_scheme="https",
    )
    basis_file = upload(gettext_lazy("The decision as a file"))

    act_signed = PartialDateFormField(label=gettext_lazy("Date of the signature"), required=False)
    act_signatories = forms.CharField(
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

    office_name = forms.CharField(
        label=gettext_lazy("Name of the office"), max_length=250, required=False
    )
    office_email = forms.EmailField(
        label=gettext_lazy("Its shared mailbox"),
        required=False,
        help_text=gettext_lazy("A shared mailbox, not a person’s: it stays when people leave."),
    )

    paper_title = forms.CharField(label=gettext_lazy("What it is"), max_length=300, required=False)
    paper_file = upload(gettext_lazy("A further file"))

    class Meta:
        model = Accession
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.parts = NewParts()
        for name, value in self._kept_lines().items():
            self.initial.setdefault(name, value)
        self._offer_own_rows()

    def _offer_own_rows(self) -> None:
        """Acts, offices and papers of this city; a signed act is no legal basis and the other way
        round."""
        city = self.instance.city_id
        offered = {
            "legal_basis": LegalAct.objects.filter(city=city).exclude(
                kind=LegalAct.Kind.SIGNED_ACT
            ),
            "signed_act": LegalAct.objects.filter(city=city, kind=LegalAct.Kind.SIGNED_ACT),
            "focal_point": Unit.objects.filter(city=city),
            "attachments": Document.objects.filter(city=city),
        }
        for name, rows in offered.items():
            if name in self.fields:
                self.fields[name].queryset = rows.order_by("pk")

    def _kept_lines(self) -> dict[str, object]:
        """What was chosen and added under each point so far, as the fields hold it."""
        if self.instance._state.adding:
            return {}
        chosen = set(self.instance.choices.values_list("suggested_action", flat=True))
        lines: dict[int, list[str]] = {}
        for action in self.instance.own_actions.order_by("order"):
            text = own_text(action, "text", action.source_language) or str(
                translated(action, "text")
            )
            lines.setdefault(action.point_id, []).append(text)
        kept: dict[str, object] = {}
        for name, form_field in self.fields.items():
            if isinstance(form_field, ChosenField):
                kept[name] = [key for key, _text in form_field.choices if key in chosen]
            elif isinstance(form_field, OwnActionsField):
                kept[name] = "\n".join(lines.get(form_field.point_id, []))
        return kept

    # --- What is new ------------------------------------------------------------------------------

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self._read_basis(cleaned)
        self._read_act(cleaned)
        self._read_office(cleaned)
        self.parts.attachment = self._document(
            "paper_file", cleaned.get("paper_title") or _("Attachment")
        )
        for name, form_field in self.fields.items():
            if isinstance(form_field, ChosenField):
                self.parts.chosen |= set(cleaned.get(name) or ())
            elif isinstance(form_field, OwnActionsField):
                self.parts.own[form_field.point_id] = cleaned.get(name) or []
        return cleaned

    def _read_basis(self, cleaned: dict[str, object]) -> None:
        names = [
            "basis_kind",
            "basis_number",
            "basis_body",
            "basis_title",
            "basis_passed",
            "basis_url",
        ]
        if not self._typed([*names, "basis_file"], cleaned, "legal_basis"):
            return
        if not cleaned.get("basis_kind"):
            self.add_error("basis_kind", _("Choose what kind of decision it is."))
        number = cleaned.get("basis_number") or ""
        if number and LegalAct.objects.filter(city=self.instance.city_id, number=number).exists():
            self.add_error(
                "basis_number", _("An act with this number is recorded already: choose it above.")
            )
        act = self._act(cleaned.get("basis_kind") or LegalAct.Kind.OTHER)
        act.number, act.body = number, cleaned.get("basis_body") or ""
        act.title, act.url = cleaned.get("basis_title") or "", cleaned.get("basis_url") or ""
        act.passed = cleaned.get("basis_passed") or ""
        act.document = self._document("basis_file", act.title or _("Decision to join"))
        self.parts.legal_basis = act

    def _read_act(self, cleaned: dict[str, object]) -> None:
        if not self._typed(
            ["act_signed", "act_signatories", "act_file", "act_exists"], cleaned, "signed_act"
        ):
            return
        act = self._act(LegalAct.Kind.SIGNED_ACT)
        act.passed = cleaned.get("act_signed") or ""
        if is_future(act.passed):
            self.add_error(
                "act_signed",
                _("This day lies in the future: an act is recorded once it is signed."),
            )
        act.document = self._document("act_file", _("Act of Accession and Commitment"))
        self.parts.signed_act = act
        self.parts.signatories = self._signatories(cleaned.get("act_signatories") or "")

    def _read_office(self, cleaned: dict[str, object]) -> None:
        if not self._typed(["office_name", "office_email"], cleaned, "focal_point"):
            return
        if not cleaned.get("office_name"):
            self.add_error("office_name", _("Write the name of the office."))
            return
        language = cleaned.get("source_language") or self.instance.source_language
        office = Unit(
            city_id=self.instance.city_id,
            source_language=language,
            email=cleaned.get("office_email") or "",
        )
        setattr(office, f"name_{language}", cleaned["office_name"])
        self.parts.focal_point = office

    def _typed(self, names: Iterable[str], cleaned: dict[str, object], chosen: str) -> bool:
        """Whether something new was described; an error where one was also chosen from the list."""
        filled = [name for name in names if cleaned.get(name)]
        if filled and cleaned.get(chosen):
            self.add_error(
                filled[0],
                _(
                    "Choose a recorded one above or describe a new one here, not both: empty one "
                    "of the two."
                ),
            )
            return False
        return bool(filled)

    def _act(self, kind: str) -> LegalAct:
        language = self.instance.source_language
        return LegalAct(
            city_id=self.instance.city_id, kind=kind, language=language, source_language=language
        )

    def _signatories(self, typed: str) -> list[Signatory]:
        found = []
        for order, line in enumerate(filter(None, map(str.strip, typed.splitlines())), 1):
            name, _comma, office = (part.strip() for part in line.partition(","))
            if not office:
                self.add_error(
                    "act_signatories",
                    ValidationError(
                        _("“%(line)s” names no office. Write the name, a comma and the office."),
                        params={"line": line[:100]},
                    ),
                )
            if max(len(name), len(office)) > LONGEST_NAME:
                self.add_error(
                    "act_signatories",
                    ValidationError(
                        _(
                            "“%(line)s…” is too long: a name and an office have at most %(most)d "
                            "characters each."
                        ),
                        params={"line": line[:60], "most": LONGEST_NAME},
                    ),
                )
            found.append(Signatory(order=order, name=name, office=office))
        return found

    def _document(self, name: str, title: str) -> Document | None:
        upload: UploadedFile | None = self.cleaned_data.get(name)
        if not upload:
            return None
        try:
            return checked_document(
                upload,
                title=title[:300],
                language=self.instance.source_language,
                city=self.instance.city,
            )
        except ValidationError as error:
            self.add_error(name, error)
            return None


class ChosenField(forms.TypedMultipleChoiceField):
    """The suggested actions of one point, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, point: Point) -> None:
        choices = [
            (action.pk, str(translated(action, "text"))) for action in point.suggested_actions.all()
        ]
        super().__init__(
            label=_("Suggested actions that the city chooses"),
            choices=choices,
            coerce=int,
            required=False,
        )


class OwnActionsField(forms.CharField):
    """The city's own actions under one point: one per line; cleans to the list of lines."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})

    def __init__(self, point: Point) -> None:
        self.point_id = point.pk
        super().__init__(
            label=_("The city’s own actions"),
            help_text=_("One per line, in the language of the file."),
            required=False,
            max_length=LONGEST_LINE * MOST_LINES,
        )

    def clean(self, value: object) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("These are more than %(most)d actions for one point.") % {"most": MOST_LINES}
            )
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(
                _("One line is longer than %(most)d characters.") % {"most": LONGEST_LINE}
            )
        return lines

    def has_changed(self, initial: object, data: object) -> bool:
        return super().has_changed(initial, "\n".join(str(data or "").splitlines()))


def with_points(points: Iterable[Point]) -> type[AccessionForm]:
    """The form with two fields for each point of the plan, whatever their number."""
    fields: dict[str, object] = {}
    for point in points:
        fields[f"chosen_{point.number}"] = ChosenField(point)
        fields[f"own_{point.number}"] = OwnActionsField(point)
    return type("AccessionForm", (AccessionForm,), fields)


class NoteForm(forms.Form):
    """A remark of the secretariat."""

    text = forms.CharField(
        label=gettext_lazy("A further note"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something before you keep the note.")},
    )
