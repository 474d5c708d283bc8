"""The token of a link to a new password: the last one that was sent works, once."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from members.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens, and the number of the link: whatever raises it voids earlier links.

    Number zero adds nothing: links that were sent before an upgrade stay good.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        value = super()._make_hash_value(user, timestamp)
        return f"{value}{user.link_number or ''}"


tokens = LinkTokens()
