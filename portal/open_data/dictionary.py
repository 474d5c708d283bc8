"""The dictionary of the data: one entry for each field, generated from its description."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.text import labelled
from portal.open_data.fields import Field
from portal.open_data.kind import Kind

HEADINGS = (
    pgettext_lazy("column of the dictionary", "Field"),
    pgettext_lazy("column of the dictionary", "Meaning"),
    pgettext_lazy("column of the dictionary", "Type"),
    pgettext_lazy("column of the dictionary", "Unit"),
    pgettext_lazy("column of the dictionary", "Where it comes from"),
    pgettext_lazy("column of the dictionary", "Example"),
    pgettext_lazy("column of the dictionary", "Codes"),
)
SEVERAL = _("%(type)s, several")


@dataclass(frozen=True)
class FieldEntry:
    """A field in words of the reader's language. `whole`: the name of the field that it is a part
    of; "" for a column of its own."""

    field: Field
    whole: str = ""

    @property
    def name(self) -> str:
        """`editions`, and `editions.stage` of its part."""
        return f"{self.whole}.{self.field.name}" if self.whole else self.field.name

    @property
    def type(self) -> str:
        label = str(self.field.type.label)
        return str(SEVERAL) % {"type": label} if self.field.many else label

    @property
    def codes(self) -> list[str]:
        """`done: done`, each with its label."""
        return [labelled(code, label) for code, label in self.field.codes]

    def texts(self) -> list[str]:
        """In the order of the headings."""
        field = self.field
        return [
            self.name,
            str(field.meaning),
            self.type,
            str(field.unit),
            str(field.provenance.label),
            field.any_example,
            "; ".join(self.codes),
        ]


def dictionary_of(kind: Kind) -> list[FieldEntry]:
    """Each field, and below it its parts."""
    entries = []
    for field in kind.fields:
        entries.append(FieldEntry(field))
        entries += [FieldEntry(part, whole=field.name) for part in field.parts]
    return entries
