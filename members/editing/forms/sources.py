"""Fields of an entry's own page that name its sources: recorded ones, or a new one."""

from django import forms
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from members.editing.forms.row_select import RowSelect
from members.models import Citation, Source

RECORDED = "cite_recorded"
ADDRESS = "cite_address"
TITLE = "cite_title"
SOURCE_FIELDS = (RECORDED, ADDRESS, TITLE)


def source_fields(site: AdminSite) -> dict[str, forms.Field]:
    """The three fields. `site`: the administration in which recorded sources are searched."""
    search = RowSelect(Citation._meta.get_field("source"), site)
    return {
        RECORDED: forms.ModelChoiceField(
            Source.objects.order_by("pk"),
            label=_("Recorded source"),
            help_text=_("Search by title, publisher or address."),
            required=False,
            widget=search,
        ),
        ADDRESS: forms.URLField(
            label=_("New source: its address"),
            help_text=_("An address that is recorded already names the same source."),
            required=False,
            max_length=500,
            assume_scheme="https",
            widget=forms.URLInput({"class": "vURLField"}),
        ),
        TITLE: LineFormField(
            label=_("New source: its title"),
            help_text=_("Enough for a source on paper."),
            required=False,
            max_length=300,
            widget=forms.TextInput({"class": "vTextField"}),
        ),
    }
