"""Pictures as the portal shows them: made anew from what was uploaded, without anything the file
said besides."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check
from languages.fields import LineField, ProseField
from languages.text import columns
from members.models import City, Owned, OwnedQuerySet, Record


def has_text(field: str) -> Q:
    """A translated field that says something in some language.

    "Not null" is said as well: a check that comes out as NULL passes.
    """
    condition = Q()
    for name in columns(field):
        says_something = {f"{name}__isnull": False, f"{name}__gt": ""}
        in_language = Q(**says_something)
        condition |= in_language
    return condition


class PictureQuerySet(OwnedQuerySet["Picture"]):
    def public(self) -> Self:
        """Pictures of news and of cities that everybody may read."""
        news: Any = self.model._meta.get_field("news").related_model
        of_news = Q(news__in=news.objects.public())
        of_cities = Q(of_city__in=CityPicture.objects.public())
        return self.filter(of_news | of_cities)

    def unused(self) -> Self:
        """Pictures that hang on nothing: of forms that were never saved, of deleted entries."""
        return self.filter(news=None, of_city=None)


class Picture(Owned):
    """A picture in two or three widths. It belongs to the city of its news, or shows the city, and
    has no page of its own.

    The words to it (alternative text, caption, credit) stand on what it is shown with.
    """

    # In pixels. A smaller picture stays as small as it is.
    WIDTHS = (480, 960, 1600)

    storage_key = models.UUIDField(unique=True, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    city = models.ForeignKey(
        "members.City",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("city"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"

    def get_absolute_url(self) -> str:
        return self.url(self.width)

    def widths(self) -> list[int]:
        """The widths in which it is kept, the largest last."""
        smaller = [width for width in self.WIDTHS if width < self.width]
        return [*smaller, self.width]

    def path(self, width: int) -> str:
        """Where the file of one width is kept: a random name, told to nobody."""
        key = str(self.storage_key)
        return f"pictures/{key[:2]}/{key}-{width}.jpg"

    def url(self, width: int) -> str:
        return reverse("picture_file", args=[self.pk, width])

    def srcset(self) -> str:
        """`/pictures/1/480.jpg 480w, …` for the browser to choose from."""
        candidates = [f"{self.url(width)} {width}w" for width in self.widths()]
        return ", ".join(candidates)


class CityPicture(Record):
    """The picture that a city gives of itself, with its words; the head of its page shows it.

    On a narrow screen it is cut to a strip: `focus` says which part of it stays in sight.
    """

    PUBLIC_WITH = ("city",)

    class Focus(models.TextChoices):
        LEFT = "left", pgettext_lazy("part of a picture", "the left")
        MIDDLE = "middle", pgettext_lazy("part of a picture", "the middle")
        RIGHT = "right", pgettext_lazy("part of a picture", "the right")
        TOP = "top", pgettext_lazy("part of a picture", "the top")
        BOTTOM = "bottom", pgettext_lazy("part of a picture", "the bottom")

    city = models.OneToOneField(
        City, models.PROTECT, related_name="own_picture", verbose_name=_("city")
    )
    picture = models.OneToOneField(
        Picture,
        models.PROTECT,
        related_name="of_city",
        editable=False,
        verbose_name=_("picture"),
    )
    picture_text = ProseField(
        _("alternative text of the picture"),
        max_length=1000,
        blank=True,
        help_text=_("What the picture shows, for people who do not see it."),
    )
    caption = ProseField(_("caption of the picture"), max_length=1000, blank=True)
    credit = LineField(
        _("credit of the picture"),
        max_length=200,
        help_text=_("Who made it, and under which licence."),
    )
    focus = models.CharField(
        _("stays in sight on a phone"),
        max_length=10,
        choices=Focus,
        default=Focus.MIDDLE,
        help_text=_("There the picture is cut to a wide strip."),
    )

    class Meta(Record.Meta):
        verbose_name = _("picture of a city")
        verbose_name_plural = _("pictures of cities")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=~Q(credit="") & has_text("picture_text"),
                name="city_picture_has_its_text_and_credit",
                words=_("A picture has an alternative text and a credit."),
                field="picture_text",
            ),
        ]

    def __str__(self) -> str:
        return str(self.city)
