"""When commands that a timer starts ran last."""

from django.db import models


class TimedRun(models.Model):
    """The last runs of one command that a timer starts: `members/timers.py` names them.

    `reason`: what the failed run said, for the person who looks after the server.
    """

    command = models.CharField(max_length=50, unique=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.command
