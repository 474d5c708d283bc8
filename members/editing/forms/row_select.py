"""Choosing a row by searching for it, in HTML that is valid without the script, too."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models.fields import BLANK_CHOICE_DASH


class RowSelect(AutocompleteSelect):
    """Begins with an option that chooses nothing, and that has words: HTML asks for both."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attr)
        ((blank, words),) = BLANK_CHOICE_DASH
        _group, options, _index = groups[0]
        others = [option for option in options if option["value"] != blank]
        options[:] = [self.create_option(name, blank, words, False, 0), *others]
        return groups
