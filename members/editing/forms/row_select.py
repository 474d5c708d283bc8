"""Choosing a row by searching for it, in HTML that is valid without the script, too."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models.fields import BLANK_CHOICE_DASH

from members.editing.forms.rows import is_key


class RowSelect(AutocompleteSelect):
    """Begins with an option that chooses nothing, and that has words: HTML asks for both.

    Leaves out what is no row's number: the form refuses it, and the widget must not ask.
    """

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        keys = [key for key in value if is_key(str(key))]
        groups = super().optgroups(name, keys, attr)
        ((blank, words),) = BLANK_CHOICE_DASH
        _group, options, _index = groups[0]
        others = [option for option in options if option["value"] != blank]
        options[:] = [self.create_option(name, blank, words, False, 0), *others]
        return groups
