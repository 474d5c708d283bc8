"""What people do with their desks."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from languages.dates import DayField
from members.models.cities import City


class PutOff(models.Model):
    """One thing that waits for a city, put off until a day: it stays off the desk and out of
    letters. What the public reads does not change.

    `sort` and `key`: of the thing, as `members.waiting` names them.
    """

    DAYS: ClassVar[timedelta] = timedelta(days=30)

    city = models.ForeignKey(City, models.CASCADE, related_name="+")
    sort = models.CharField(max_length=20)
    key = models.BigIntegerField(default=0)
    until = DayField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "sort", "key"], name="one_thing_is_put_off_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort}:{self.key}"
