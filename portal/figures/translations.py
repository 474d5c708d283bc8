"""In which languages the texts of the portal can be read."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.desk import Share, shares
from languages.names import language_name, number
from languages.text import current_language
from portal.figures.figure import Column, Figure, Row, Shape, per_cent

ALL = 100


def translations_by_language() -> Figure:
    """What share of the public texts is there in each language of the portal."""
    language = current_language()
    languages = shares()
    rows = []
    for share in languages:
        name = capfirst(language_name(share.language, language))
        rows.append(Row(share.language, name, (share.current, share.outdated, share.missing)))
    return Figure(
        name="translations",
        title=_("Languages of this site"),
        sentence=_sentence_of(languages),
        reading=_(
            "Counted in characters. Texts are written in one language and translated into the "
            "others one by one. A text without a translation is shown in its own language, which "
            "is then named."
        ),
        whole=_("per cent of the characters of all public texts"),
        total=ALL,
        head=Column("language", pgettext("of a translation", "Language")),
        columns=(
            Column("current", pgettext("share of the texts", "Can be read")),
            Column("outdated", pgettext("share of the texts", "Older than its source text")),
            Column("missing", pgettext("share of the texts", "Not translated")),
        ),
        rows=tuple(rows),
        shape=Shape.PARTS,
        drawn=("current", "outdated"),
        unit="per_cent",
        is_share=True,
    )


def _sentence_of(languages: list[Share]) -> str:
    least = min((share.current for share in languages), default=0)
    sentence = _(
        "Languages: {languages}. In each of them, at least {least} of the public texts can be read."
    )
    language = current_language()
    return sentence.format(
        languages=number(len(languages), language),
        least=per_cent(least),
    )
