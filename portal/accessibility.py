"""The accessibility statement: the model of Decision (EU) 2018/1523, and where the law of Poland
holds the declaration of its Act of 4 April 2019.

What is known of the portal stands in `data/accessibility/`; what only the body that runs it can say
comes from the settings.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from languages.tables import rows_of
from languages.text import current_language

POLAND = "PL"


@dataclass(frozen=True)
class Law:
    """The act that transposes Directive (EU) 2016/2102 in a country, in that country's words, and
    the body to which people turn when they get no answer."""

    title: str
    url: str
    language: str
    body: str
    body_url: str


@dataclass(frozen=True)
class AccessibilityStatement:
    """What the page says. Dates are those of the data, or None where a setting is missing."""

    law: Law | None
    status: str
    prepared_on: date
    reviewed_on: date
    updated_on: date
    barriers: list[str]
    outside: list[str]
    country: str = ""
    operator: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    building_url: str = ""
    published_on: date | None = None
    enforcement_body: str = ""
    enforcement_url: str = ""

    @property
    def is_compliant(self) -> bool:
        return self.status == "full"

    @property
    def is_partly_compliant(self) -> bool:
        return self.status == "partial"

    @property
    def is_polish(self) -> bool:
        """Whether the Polish Act says how requests and complaints go."""
        return self.country == POLAND


def statement() -> AccessibilityStatement:
    """The statement as the settings and the data are now, in the reader's language."""
    facts = {row["name"]: row["value"] for row in rows_of("accessibility/statement")}
    law = law_of(settings.OPERATOR_COUNTRY)
    return AccessibilityStatement(
        law=law,
        status=facts["status"],
        prepared_on=date.fromisoformat(facts["prepared_on"]),
        reviewed_on=date.fromisoformat(facts["reviewed_on"]),
        updated_on=date.fromisoformat(facts["updated_on"]),
        barriers=_limits("barrier"),
        outside=_limits("outside"),
        country=settings.OPERATOR_COUNTRY,
        operator=settings.OPERATOR,
        contact=settings.ACCESSIBILITY_CONTACT or settings.OPERATOR,
        phone=settings.OPERATOR_PHONE,
        email=settings.CONTACT_EMAIL,
        building_url=settings.OPERATOR_BUILDING_URL,
        published_on=settings.PUBLISHED_ON,
        enforcement_body=settings.ENFORCEMENT_BODY or (law.body if law else ""),
        enforcement_url=settings.ENFORCEMENT_URL or (law.body_url if law else ""),
    )


def law_of(country: str) -> Law | None:
    """The law of a country by its two letters; None where the data have none."""
    for row in rows_of("accessibility/laws"):
        if row["country"] == country:
            return Law(row["law"], row["law_url"], row["language"], row["body"], row["body_url"])
    return None


def _limits(kind: str) -> list[str]:
    column = f"text_{current_language()}"
    rows = rows_of("accessibility/limits")
    return [row.get(column) or row["text_en"] for row in rows if row["kind"] == kind]
