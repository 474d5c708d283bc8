"""Europe's towns: so that a person whose town is not in the network finds help too."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.fields import LineField
from languages.tables import rows_of
from languages.text import current_language


class Town(models.Model):
    """A town of at least 15,000 inhabitants, from GeoNames (`data/towns/`). Nobody edits it."""

    geonames_id = models.PositiveIntegerField(_("GeoNames id"), primary_key=True)
    name = LineField(_("name"), max_length=150)
    # Two letters. No key to a country: GeoNames has towns of countries that the network has not.
    country_code = LineField(_("country"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4)
    population = models.PositiveIntegerField(_("population"))

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")

    def __str__(self) -> str:
        """Its name in the reader's language: "Warszawa"; where none is kept, that of GeoNames."""
        language = current_language()
        names = names_of_towns(language)
        return names.get(self.pk, self.name)


@cache
def names_of_towns(language: str) -> dict[int, str]:
    """By the key of a town its name in a language, as far as it differs from that of GeoNames."""
    names = {}
    for row in rows_of("towns/names"):
        name = row.get(language)
        if name:
            key = int(row["geonames_id"])
            names[key] = name
    return names


class TownName(models.Model):
    """A name of a town, folded, as people may write it: in other languages, in other letters."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="names", verbose_name=_("town"))
    folded = LineField(_("folded name"), max_length=150, db_index=True)

    class Meta:
        verbose_name = _("name of a town")
        verbose_name_plural = _("names of towns")

    def __str__(self) -> str:
        return self.folded
