"""Cities, their names and offices."""

from dataclasses import replace
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from languages.constraints import Check, Unique
from languages.fields import LineField, ProseField, WebAddressField
from languages.names import country_name
from languages.sorting import sort_key
from languages.text import Text, columns, current_language, named, translated
from members.mailboxes import looks_personal
from members.models.reach import OF_THE_OFFICE, PERSONAL_MAILBOX, office_ground
from members.models.record import Owned, OwnedQuerySet, Record
from members.opening import check_time_zone


class CountryQuerySet(OwnedQuerySet["Country"]):
    def public(self) -> Self:
        """All of them: a country is a fact."""
        return self.all()

    def by_name(self, language: str) -> list["Country"]:
        """In the dictionary order of a language; sorted here, because the names are not in the
        database."""
        return sorted(
            self, key=lambda country: sort_key(country_name(country.code, language), language)
        )


class Country(Owned):
    """A country by its ISO 3166-1 code; its name in each language comes from CLDR."""

    CITY_PATH = None

    # Translators: field: the country’s two letters
    code = LineField(_("code"), max_length=2, unique=True, help_text=_("Two letters (ISO 3166-1)."))
    in_eu = models.BooleanField(_("member of the European Union"), default=False)
    # Opening hours of contacts are in it. In a country with several, the capital's.
    time_zone = LineField(
        _("time zone"),
        max_length=40,
        blank=True,
        validators=[check_time_zone],
        help_text=_("Of the capital, for example Europe/Warsaw."),
    )

    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            Check(
                condition=Q(code__regex=r"^[A-Z][A-Z]$"),
                name="country_code_is_iso",
                words=_("Write the two capital letters of ISO 3166, for example PL."),
                field="code",
            )
        ]

    def __str__(self) -> str:
        return country_name(self.code, current_language())

    def get_absolute_url(self) -> str:
        slug = self.code.lower()
        return reverse("country_detail", args=[slug])


class City(Record):
    """A member entity: a city, a district, a county, a region, a metropolitan authority; member or
    not."""

    CITY_PATH = "pk"

    class Kind(models.TextChoices):
        CITY = "city", pgettext_lazy("kind of city", "city or municipality")
        DISTRICT = "district", pgettext_lazy("kind of city", "city district")
        COUNTY = "county", pgettext_lazy("kind of city", "county")
        REGION = "region", pgettext_lazy("kind of city", "region or canton")
        METROPOLITAN = (
            "metropolitan-authority",
            pgettext_lazy("kind of city", "metropolitan authority"),
        )

    class Distinction(models.TextChoices):
        """What tells a city from another one of the same name."""

        REGION = "region", _("region")
        COUNTRY = "country", _("country")
        KIND = "kind", _("kind")
        ADDRESS = "address", _("web address")

    # Places in which other cities of the same `region` lie: their help is help for those too.
    REGIONAL = (Kind.COUNTY, Kind.REGION, Kind.METROPOLITAN)

    slug = models.SlugField(
        _("web address"),
        max_length=80,
        unique=True,
        help_text=_(
            "The official name in plain Latin letters. A changed address keeps redirecting "
            "from the old one."
        ),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.CITY)
    name = LineField(_("name"), max_length=150)
    local_name = LineField(
        _("local name"), max_length=150, help_text=_("The name as the city itself writes it.")
    )
    local_language = LineField(
        _("language of the local name"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example nl or el."),
    )
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="cities", verbose_name=_("country")
    )
    region = LineField(_("region"), max_length=150, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(
        _("year of the population figure"), null=True, blank=True
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=7, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    website = WebAddressField(_("website"), max_length=500, blank=True)
    wikidata_id = LineField(_("Wikidata id"), max_length=20, blank=True)
    geonames_id = models.PositiveIntegerField(
        _("GeoNames id"),
        null=True,
        blank=True,
        help_text=_("Of the place itself. Empty where the city is wider than its seat."),
    )
    introduction = ProseField(
        _("introduction"),
        max_length=5000,
        blank=True,
        help_text=_(
            "Two or three sentences on the city and its work against racism and discrimination."
        ),
    )
    plain_summary = ProseField(
        _("summary in plain language"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Short sentences, everyday words: for people who read little or are learning the "
            "language."
        ),
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        # Translators: field: the city, county or region that this one has become part of
        verbose_name=pgettext_lazy("place that took over", "successor"),
        help_text=_("If this city was merged into another one."),
    )
    # Kept by `services.namesakes`, so that no page looks for namesakes. `distinction` is the
    # region, the code of the country, the kind or the slug; both are empty where no other city has
    # the name, and where the others' regions are enough.
    distinguished_by = models.CharField(
        _("distinguished by"), max_length=10, choices=Distinction, blank=True, editable=False
    )
    distinction = models.CharField(_("distinction"), max_length=150, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # "Not null" is needed as well: a check that comes out as NULL passes.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="city_has_both_coordinates_or_neither",
                words=_(
                    "Give both coordinates or neither: the latitude from -90 to 90, the longitude "
                    "from -180 to 180."
                ),
                field="longitude",
            ),
            Check(
                condition=Q(population_year__isnull=True) | Q(population__isnull=False),
                name="population_year_needs_a_population",
                words=_("Give the number of inhabitants to this year."),
                field="population",
            ),
            Check(
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                name="city_does_not_succeed_itself",
                words=_("A city is not its own successor."),
                field="successor",
            ),
        ]

    def __str__(self) -> str:
        return str(city_name(self))

    @property
    def own_names(self) -> set[str]:
        """Its names in all languages of the network, and the one it uses itself."""
        names = {self.local_name, *(getattr(self, name) for name in columns("name"))}
        return {name for name in names if name}

    def get_absolute_url(self) -> str:
        return reverse("city_detail", args=[self.slug])


def city_name(city: City, language: str | None = None) -> Text:
    """The name of a city for a reader of `language` (default: the active one).

    Where another city has the same name, with what tells the two apart: "Neuenkirchen
    (Vorpommern)".
    """
    text = translated(city, "name", language)
    if not text:
        text = Text(city.local_name, city.local_language, is_fallback=True)
    name = with_distinction(city, text.value, language)
    return replace(text, value=name)


def with_distinction(city: City, name: str, language: str | None = None) -> str:
    """One of the city's names, with what tells it from another city of that name."""
    if not city.distinguished_by:
        return name
    words = city.distinction
    if city.distinguished_by == City.Distinction.COUNTRY:
        words = country_name(words, language or current_language())
    if city.distinguished_by == City.Distinction.KIND:
        words = _kind_name(words, language or current_language())
    return f"{name} ({words})"


def _kind_name(kind: str, language: str) -> str:
    with override(language):
        labels = dict(City.Kind.choices)
        return str(labels.get(kind, kind))


class CityName(Owned):
    """Another name by which people look for the city: an exonym, a former name, a short form."""

    class Kind(models.TextChoices):
        EXONYM = "exonym", pgettext_lazy("kind of name", "name in another language")
        FORMER = "former", pgettext_lazy("kind of name", "former name")
        OFFICIAL = "official", pgettext_lazy("kind of name", "further official name")

    city = models.ForeignKey(
        City, models.CASCADE, related_name="other_names", verbose_name=_("city")
    )
    name = LineField(_("name"), max_length=150)
    language = LineField(_("language"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.EXONYM)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            Unique(
                fields=["city", "name", "language"],
                name="a_name_is_given_once_per_language",
                words=_("The city has this name in this language already."),
                field="name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormerSlug(Owned):
    """A web address that a city once had: it redirects to today's."""

    slug = models.SlugField(_("former web address"), max_length=80, unique=True)
    city = models.ForeignKey(
        City, models.CASCADE, related_name="former_slugs", verbose_name=_("city")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("former web address")
        verbose_name_plural = _("former web addresses")

    def __str__(self) -> str:
        return self.slug


class Unit(Record):
    """An office of the city with a role mailbox: who is responsible, never a private person."""

    PUBLIC_WITH = ("city",)

    city = models.ForeignKey(City, models.PROTECT, related_name="units", verbose_name=_("city"))
    name = LineField(_("name"), max_length=250)
    original_name = LineField(
        _("name in its own language"),
        max_length=250,
        blank=True,
        help_text=_("If that is none of the portal’s."),
    )
    original_language = LineField(_("language of that name"), max_length=20, blank=True)
    email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_("A shared mailbox, not a person’s: it stays when people leave."),
    )
    office_ground = office_ground()
    url = WebAddressField(_("website"), max_length=500, blank=True)
    is_focal_point = models.BooleanField(
        _("focal point"), default=False, help_text=_("The city’s standing contact for the network.")
    )

    class Meta(Record.Meta):
        # Translators: a department or office within a city’s administration
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city"],
                condition=Q(is_focal_point=True),
                name="one_focal_point_per_city",
                words=_("Another office of the city is its focal point. There can be only one."),
                field="is_focal_point",
            ),
        ]

    def __str__(self) -> str:
        return str(named(self))

    def clean(self) -> None:
        super().clean()
        self.refuse_publication()

    def refuse_publication(self) -> None:
        """No person's own mailbox is public."""
        if self.has_personal_mailbox and not self.office_ground:
            raise ValidationError({"email": [PERSONAL_MAILBOX, OF_THE_OFFICE]})

    @property
    def has_personal_mailbox(self) -> bool:
        """Whether its address looks like that of one person."""
        city = self.city if self.city_id else ""
        return looks_personal(self.email, f"{self} {city}")
