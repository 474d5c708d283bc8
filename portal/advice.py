"""What to do now, in three steps, and lines for readers of further languages: tables of
`data/help/`, each row with its source or its editor."""

from dataclasses import dataclass

from languages.names import direction, own_name
from languages.tables import rows_of
from languages.text import Text, current_language

# The columns that name the source of a step, in the order of the fields of `Step`.
SOURCE = ("source_url", "source_title", "source_language", "source_publisher")


@dataclass(frozen=True)
class Step:
    """One thing to do, with the page that advises it."""

    text: str
    source_url: str
    source_title: str
    source_language: str
    source_publisher: str

    @property
    def is_in_other_language(self) -> bool:
        """Whether its page is in another language than the reader's."""
        return self.source_language != current_language()

    @property
    def adviser(self) -> Text:
        """Who advises it: the name of a body, in the language of its page."""
        return Text(
            self.source_publisher,
            self.source_language,
            self.is_in_other_language,
        )


@dataclass(frozen=True)
class Line:
    """How to call, in a language that the portal does not speak; `{number}` stands for a number."""

    language: str
    call: str
    danger: str
    interpreter: str

    @property
    def own_name(self) -> str:
        return own_name(self.language)

    @property
    def direction(self) -> str:
        return direction(self.language)


def steps_for(situation: str, country: str = "") -> list[Step]:
    """The steps for what happened, in the reader's language; those for everything without it.

    `country`: its two letters; where its law says something else, a row of its own takes the place
    of the general step.
    """
    column = f"text_{current_language()}"
    steps: dict[str, Step] = {}
    for row in rows_of("help/steps"):
        if row["situation"] == situation and row["country"] in ("", country):
            text = row.get(column) or row["text_en"]
            source = (row[name] for name in SOURCE)
            steps[row["order"]] = Step(text, *source)
    return list(steps.values())


def lines() -> list[Line]:
    """One line for each further language."""
    rows = rows_of("help/lines")
    names = ("language", "call", "danger", "interpreter")
    return [Line(*(row[name] for name in names)) for row in rows]
