"""Cards among the results of a search for pages of the portal itself, which the index does not
have."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from languages.search.results import Results


@dataclass(frozen=True)
class PageCard:
    """A page of the portal that a text asks for."""

    url: str
    title: str


def page_cards(answer: Results) -> list[PageCard]:
    """The pages that a text asks for, by the names of their addresses."""
    if answer.meaning is None:
        return []
    titles = {
        "join": _("Join the network"),
        "contact": _("Contact"),
        "about": _("About the network"),
        "data": _("Open data"),
        "privacy": _("Privacy"),
        "accessibility": _("Accessibility statement"),
    }
    return [PageCard(reverse(name), titles[name]) for name in answer.meaning.pages]
