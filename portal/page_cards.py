"""Cards among the results of a search for pages of the portal itself, which the index does not
have."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from languages.search.hits import Results

# The views of pages that are not named like them.
VIEWS = {
    "cities": "city_list",
    "plan": "plan_detail",
    "meetings": "meeting_list",
    "news": "news_list",
    "programmes": "programme_list",
}


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
        "cities": _("Cities"),
        "plan": _("The ten points"),
        "meetings": _("Meetings"),
        "news": _("News"),
        "programmes": _("Programmes"),
        "figures": _("The network in figures"),
        "privacy": _("Privacy"),
        "accessibility": _("Accessibility statement"),
        "compare": _("Compare cities"),
    }
    return [PageCard(reverse(VIEWS.get(name, name)), titles[name]) for name in answer.meaning.pages]
