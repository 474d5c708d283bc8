"""What happens to a city as a whole: to add it as a draft, to rename it, to merge two entries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from languages.text import column, own_text
from members.models import Citation, City, CityName, Country, FormerSlug, User
from members.models.record import content_type_of
from members.slugs import free_city_slug


@dataclass(frozen=True)
class NewCity:
    """What must be known of a city before it can be saved. `language`: that of its name."""

    name: str
    country: Country
    language: str
    kind: str = City.Kind.CITY
    slug: str = ""


def add(*, new: NewCity) -> City:
    """Save a city as a draft, with an address of its own, in the transaction of a service.

    Raises ValidationError (for `slug`) where no address can be made of the name, or another city
    took it meanwhile.
    """
    slug = new.slug or free_city_slug(new.name, new.kind)
    if not slug:
        message = _("Write an address in Latin letters: none can be made of this name.")
        raise ValidationError({"slug": ValidationError(message, code="required")})
    city = City(
        slug=slug,
        country=new.country,
        kind=new.kind,
        local_name=new.name,
        source_language=new.language,
    )
    setattr(city, column("name", new.language), new.name)
    try:
        with transaction.atomic():
            city.save()
    except IntegrityError as error:
        message = _("Another city has or had this address.")
        raise ValidationError({"slug": ValidationError(message, code="unique")}) from error
    return city


# --- Another name ---------------------------------------------------------------------------------


@transaction.atomic
def rename(*, city: City, local_name: str, names: Mapping[str, str], slug: str, by: User) -> City:
    """Give a city that was renamed its new names. `names`: by language, empty where there is none.

    The old names stay as former names, under which people still find it; the old address leads to
    the new one. Raises PermissionDenied for all but the secretariat, ValidationError (for `slug`)
    where another city has that address.
    """
    row = _locked(city.pk, by)[city.pk]
    former_names = _former_names(row, local_name, names)
    row.local_name = local_name
    for language, name in names.items():
        setattr(row, column("name", language), name)
    if slug != row.slug:
        _move_address(row, slug)
    row.save()
    for language, name in former_names.items():
        CityName.objects.get_or_create(
            city=row,
            name=name,
            language=language,
            defaults={"kind": CityName.Kind.FORMER},
        )
    return row


def _former_names(row: City, local_name: str, names: Mapping[str, str]) -> dict[str, str]:
    """The names that the city has now and will not have any more, by language."""
    former = {}
    for language, name in names.items():
        present = own_text(row, "name", language)
        if present and present != name:
            former[language] = present
    present = row.local_name
    is_new = present != local_name
    if is_new and present not in former.values():
        former[row.local_language] = present
    return former


def _move_address(row: City, slug: str) -> None:
    """Let the old address lead to the new one; one that the city itself had is used again."""
    same_slug = FormerSlug.objects.filter(slug=slug)
    was_of_other_city = same_slug.exclude(city=row).exists()
    is_of_other_city = City.objects.filter(slug=slug).exists()
    if is_of_other_city or was_of_other_city:
        message = _("Another city has or had this address.")
        error = ValidationError(message, code="unique")
        raise ValidationError({"slug": error})
    same_slug.delete()
    FormerSlug.objects.create(slug=row.slug, city=row)
    row.slug = slug


@transaction.atomic
def keep_address(*, city: City, slug: str) -> None:
    """Let an old address of the city lead to it; its present one is no former address."""
    present = FormerSlug.objects.filter(slug=city.slug)
    present.delete()
    FormerSlug.objects.get_or_create(
        slug=slug,
        defaults={"city": city},
    )


# --- A city that was entered twice ----------------------------------------------------------------


@dataclass
class Merger:
    """What merging two entries does.

    `moves`: how many rows of each kind get another city. `obstacles`: a sentence for each row that
    cannot move.
    """

    moves: Counter[type[models.Model]] = field(default_factory=Counter)
    obstacles: list[str] = field(default_factory=list)


class _TrialEnds(Exception):
    """Ends a trial, so that the database undoes everything."""


def try_merge(*, loser: City, survivor: City, by: User) -> Merger:
    """What `merge` would do: it is done and undone, nothing changes."""
    merger = Merger()
    try:
        with transaction.atomic():
            _merge(loser, survivor, by, merger)
            raise _TrialEnds
    except _TrialEnds:
        return merger


@transaction.atomic
def merge(*, loser: City, survivor: City, by: User) -> Merger:
    """Two entries are one city. All that points to the loser points to the survivor afterwards.

    The loser's own row stays, off the public pages, with the survivor as its successor: its history
    is read there, and its address leads to the survivor. Raises PermissionDenied for all but the
    secretariat; ValidationError with a sentence for each thing that both have and that may exist
    once, and then nothing is changed.
    """
    merger = Merger()
    _merge(loser, survivor, by, merger)
    errors = [ValidationError(text, code="twice") for text in merger.obstacles]
    if errors:
        raise ValidationError(errors)
    return merger


def _merge(loser: City, survivor: City, by: User, merger: Merger) -> None:
    rows = _locked(loser.pk, by, survivor.pk)
    loser = rows[loser.pk]
    survivor = rows[survivor.pk]
    _refuse_pair(loser, survivor)
    for relation in relations_to_cities():
        if relation.many_to_many:
            _move_choices(relation, loser, survivor, merger)
        else:
            _move_rows(relation, loser, survivor, merger)
    _move_citations(loser, survivor, merger)
    _keep_names(loser, survivor)
    FormerSlug.objects.create(slug=loser.slug, city=survivor)
    loser.successor = survivor
    loser.published_at = None
    loser.save()


def relations_to_cities() -> list[models.ForeignObjectRel]:
    """Every key by which a row names a city, also those that have no way back."""
    relations = []
    for relation in City._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        if not relation.related_model._meta.auto_created:
            relations.append(relation)
    return relations


def _locked(city: int, by: User, *others: int) -> dict[int, City]:
    """Rows by their keys, locked in the order of the keys: two people cannot wait for each other.

    Raises PermissionDenied for all but the secretariat.
    """
    keys = {city, *others}
    locked = City.objects.select_for_update(of=("self",))
    rows = locked.filter(pk__in=keys).order_by("pk")
    for row in rows:
        if not by.has_perm("delete", row):
            raise PermissionDenied
    return {row.pk: row for row in rows}


def _refuse_pair(loser: City, survivor: City) -> None:
    """Raise ValidationError where these two cannot be merged at all."""
    if loser.pk == survivor.pk:
        raise ValidationError(_("Choose another city: this is the same entry."), code="same")
    if _was_merged(loser):
        raise ValidationError(_("This city has been merged already."), code="merged")
    if survivor.successor_id == loser.pk or _was_merged(survivor):
        sentence = _("The other entry was merged itself. Choose the one that is left.")
        raise ValidationError(sentence, code="merged")
    if loser.fictional != survivor.fictional:
        sentence = _("One of them is invented. Only two entries of one city are merged.")
        raise ValidationError(sentence, code="fictional")


def _was_merged(city: City) -> bool:
    same_slug = FormerSlug.objects.filter(slug=city.slug)
    return same_slug.exists()


def _move_rows(
    relation: models.ForeignObjectRel, loser: City, survivor: City, merger: Merger
) -> None:
    """Rows that name the city, one at a time: each move stands in the log and in the index."""
    name = relation.field.name
    locked = relation.related_model._base_manager.select_for_update(of=("self",))
    for row in locked.filter(**{name: loser}).order_by("pk"):
        sentence = _obstacle(row)
        setattr(row, name, survivor)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            if not isinstance(row, CityName):
                merger.obstacles.append(sentence)
        else:
            merger.moves[type(row)] += 1


def _obstacle(row: models.Model) -> str:
    message = _(
        "Both have this, and it may exist only once: %(kind)s “%(entry)s”. End, correct or "
        "delete one of the two."
    )
    return message % {"kind": row._meta.verbose_name, "entry": row}


def _move_choices(
    relation: models.ForeignObjectRel, loser: City, survivor: City, merger: Merger
) -> None:
    """Rows that name several cities."""
    name = relation.field.name
    model = relation.related_model
    manager = model._base_manager
    rows = manager.filter(**{name: loser})
    for row in rows.order_by("pk"):
        cities = getattr(row, name)
        cities.add(survivor)
        cities.remove(loser)
        merger.moves[model] += 1


def _move_citations(loser: City, survivor: City, merger: Merger) -> None:
    """Sources of the city's own facts. What both cite for the same field stays with the loser."""
    city_type = content_type_of(loser)
    citations = Citation.objects.filter(content_type=city_type)
    own = citations.filter(object_id=survivor.pk)
    to_move = citations.filter(object_id=loser.pk)
    for citation in to_move.order_by("pk"):
        same = own.filter(
            source=citation.source,
            field=citation.field,
        )
        is_cited_by_both = same.exists()
        if is_cited_by_both:
            continue
        citation.object_id = survivor.pk
        citation.save()
        merger.moves[Citation] += 1


def _keep_names(loser: City, survivor: City) -> None:
    """Let people who look for the loser by any of its names find the survivor."""
    names = _names_of(loser)
    names[loser.local_language] = loser.local_name
    known = set(_names_of(survivor).values())
    known.add(survivor.local_name)
    for language, name in names.items():
        if not name or name in known:
            continue
        CityName.objects.get_or_create(
            city=survivor,
            name=name,
            language=language,
        )
        known.add(name)


def _names_of(city: City) -> dict[str, str]:
    """The city's names by language, empty where there is none."""
    names = {}
    for code, _name in settings.SCHEMA_LANGUAGES:
        names[code] = own_text(city, "name", code)
    return names
