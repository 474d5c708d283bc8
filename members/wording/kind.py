"""What a kind of letter is, and the sentences that many letters share."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HELLO = _("Hello,")
ASK = _("If you have a question, answer this letter: your answer reaches the network’s office.")
NO_REMINDERS = _("If you want no more reminders, answer this letter and say so.")
REGARDS = _("Kind regards")
# A paragraph of its own: it is clicked, or copied whole.
LINK = "{link}"


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter.

    `when`: one sentence for the secretariat. `text`: paragraphs, after which the network signs.
    `values`: the words in curly brackets that the caller fills in; `needs`: those that no wording
    may leave out. `replaces`: kinds whose unsent letters about the same row to the same person
    this one makes pointless; a reminder's to anybody. `secret`: it holds a link for one person, so
    the text is cleared once it is sent and nobody else reads it. `stops`: whoever gets it ends such
    letters with one press; it is about that person.
    """

    label: str | Promise
    when: str | Promise
    subject: str | Promise
    text: tuple[str | Promise, ...]
    values: tuple[str, ...]
    needs: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    secret: bool = False
    reminder: bool = False
    stops: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every word in curly brackets that a wording may use; the last two fit any letter."""
        return (*self.values, "network", "portal")

    def wording(self) -> str:
        """The portal's own text in the active language, not filled in yet."""
        paragraphs = [str(paragraph) for paragraph in self.text]
        signature = f"{REGARDS}\n{{network}}"
        paragraphs.append(signature)
        return "\n\n".join(paragraphs)
