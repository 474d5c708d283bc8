"""How an office may be reached in public: never by a person's own mailbox or telephone (0070)."""

from django.utils.translation import gettext_lazy as _

from languages.fields import LineField

PERSONAL_MAILBOX = _("This looks like the address of one person. Write a mailbox of the office.")
PERSONAL_NUMBER = _("This is the number of a mobile telephone. Write a number of the office.")
OF_THE_OFFICE = _("If it is the office’s own, say where the office names it.")


def office_ground() -> LineField:
    """The field that says why an address that looks like a person's is public."""
    return LineField(
        # Translators: field: where an office names an address or a number as its own
        _("where the office names it"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Only for an e-mail address or a number that looks like one person’s: the page or the "
            "paper in which the office gives it as its own."
        ),
    )
