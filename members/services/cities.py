"""What happens to a city as a whole: it is taken in as a draft, gets another name, is merged with
its double."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from languages.folding import fold
from languages.text import column, own_text
from members.models import Citation, City, CityName, Country, FormerSlug, User
from members.models.record import content_type_of


@dataclass(frozen=True)
class NewCity:
    """What must be known of a city before it can be written down. `language`: in which the name
    is."""

    name: str
    country: Country
    language: str
    kind: str = City.Kind.CITY
    slug: str = ""


def add(*, new: NewCity) -> City:
    """Write down a city as a draft, with an address of its own. To be called within an action's
    transaction.

    Raises ValidationError (for `slug`) where no address can be made of the name, or somebody took
    it meanwhile.
    """
    slug = new.slug or free_slug(new.name, new.kind)
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


def free_slug(name: str, kind: str = City.Kind.CITY) -> str:
    """The name folded to Latin letters; with the kind behind it where another city has that
    address, then a number. Empty where nothing is left of the name."""
    plain = slugify(fold(name))[:60].strip("-")
    if not plain:
        return ""
    with_kind = f"{plain}-{kind}"
    number = 2
    for slug in (plain, with_kind):
        if not _taken(slug):
            return slug
    while _taken(f"{with_kind}-{number}"):
        number += 1
    return f"{with_kind}-{number}"


def _taken(slug: str) -> bool:
    return City.objects.filter(slug=slug).exists() or FormerSlug.objects.filter(slug=slug).exists()


# --- Another name ---------------------------------------------------------------------------------


@transaction.atomic
def rename(*, city: City, local_name: str, names: Mapping[str, str], slug: str, by: User) -> City:
    """Give a city that was renamed its new names. `names`: by language, empty where there is none.

    The old names stay as former names, under which people still find it; the old address leads to
    the new one. Raises PermissionDenied for all but the secretariat, ValidationError (for `slug`)
    where another city has that address.
    """
    row = _locked(city.pk, by)[city.pk]
    former = _changed_names(row, local_name, names)
    row.local_name = local_name
    for language, name in names.items():
        setattr(row, column("name", language), name)
    if slug != row.slug:
        _move_address(row, slug)
    row.save()
    for language, name in former.items():
        CityName.objects.get_or_create(
            city=row, name=name, language=language, defaults={"kind": CityName.Kind.FORMER}
        )
    return row


def _changed_names(row: City, local_name: str, names: Mapping[str, str]) -> dict[str, str]:
    """The names that the city loses, by language."""
    before = {language: own_text(row, "name", language) for language in names}
    lost = {language: old for language, old in before.items() if old and old != names[language]}
    if row.local_name != local_name and row.local_name not in lost.values():
        lost[row.local_language] = row.local_name
    return lost


def _move_address(row: City, slug: str) -> None:
    """The old address leads to the new one. One that the city itself had before comes back into
    use."""
    others = FormerSlug.objects.filter(slug=slug).exclude(city=row)
    if City.objects.filter(slug=slug).exists() or others.exists():
        message = _("Another city has or had this address.")
        raise ValidationError({"slug": ValidationError(message, code="unique")})
    FormerSlug.objects.filter(slug=slug).delete()
    FormerSlug.objects.create(slug=row.slug, city=row)
    row.slug = slug


@transaction.atomic
def keep_address(*, city: City, slug: str) -> None:
    """Let an old address of the city lead to it; its present one is no former address."""
    FormerSlug.objects.filter(slug=city.slug).delete()
    FormerSlug.objects.get_or_create(slug=slug, defaults={"city": city})


# --- A city that was entered twice ----------------------------------------------------------------


@dataclass
class Merger:
    """What merging two entries does: how many rows of each kind move, and what stands against
    it."""

    moved: dict[type[models.Model], int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def count(self, model: type[models.Model]) -> None:
        self.moved[model] = self.moved.get(model, 0) + 1


class _Undone(Exception):
    """Ends a trial run, so that the database takes everything back."""


def try_merge(*, loser: City, survivor: City, by: User) -> Merger:
    """What `merge` would do. It is done and taken back; nothing is changed."""
    merger = Merger()
    try:
        with transaction.atomic():
            _merge(loser, survivor, by, merger)
            raise _Undone
    except _Undone:
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
    if merger.refused:
        raise ValidationError([ValidationError(text, code="twice") for text in merger.refused])
    return merger


def _merge(loser: City, survivor: City, by: User, merger: Merger) -> None:
    rows = _locked(loser.pk, by, survivor.pk)
    gone, kept = rows[loser.pk], rows[survivor.pk]
    _refuse_pair(gone, kept)
    for relation in relations_to_cities():
        if relation.many_to_many:
            _move_choices(relation, gone, kept, merger)
        else:
            _move_rows(relation, gone, kept, merger)
    _move_citations(gone, kept, merger)
    _keep_names(gone, kept)
    FormerSlug.objects.create(slug=gone.slug, city=kept)
    gone.successor, gone.published_at = kept, None
    gone.save()


def relations_to_cities() -> list[models.ForeignObjectRel]:
    """Every key by which a row names a city, also those that have no way back."""
    found = City._meta.get_fields(include_hidden=True)
    return [
        relation
        for relation in found
        if isinstance(relation, models.ForeignObjectRel)
        and not relation.related_model._meta.auto_created
    ]


def _locked(city: int, by: User, *others: int) -> dict[int, City]:
    """Rows by their keys, always locked in the same order, so that two people cannot wait for each
    other."""
    keys = {city, *others}
    rows = {
        row.pk: row
        for row in City.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }
    if not all(by.has_perm("delete", row) for row in rows.values()):
        raise PermissionDenied
    return rows


def _refuse_pair(gone: City, kept: City) -> None:
    if gone.pk == kept.pk:
        raise ValidationError(_("Choose another city: this is the same entry."), code="same")
    if FormerSlug.objects.filter(slug=gone.slug).exists():
        raise ValidationError(_("This city has been merged already."), code="merged")
    if kept.successor_id == gone.pk or FormerSlug.objects.filter(slug=kept.slug).exists():
        raise ValidationError(
            _("The other entry was merged itself. Choose the one that is left."), code="merged"
        )
    if gone.fictional != kept.fictional:
        raise ValidationError(
            _("One of them is invented. Only two entries of one city are merged."), code="fictional"
        )


def _move_rows(relation: models.ForeignObjectRel, gone: City, kept: City, merger: Merger) -> None:
    """Rows that name the city. One at a time, so that each move stands in the log and in the
    index."""
    name = relation.field.name
    rows = (
        relation.related_model._base_manager.select_for_update(of=("self",))
        .filter(**{name: gone})
        .order_by("pk")
    )
    for row in rows:
        sentence = _twice(row)
        setattr(row, name, kept)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            if not isinstance(row, CityName):
                merger.refused.append(sentence)
        else:
            merger.count(type(row))


def _twice(row: models.Model) -> str:
    message = _(
        "Both have this, and it may exist only once: %(kind)s “%(entry)s”. End, correct or "
        "delete one of the two."
    )
    return message % {"kind": row._meta.verbose_name, "entry": row}


def _move_choices(
    relation: models.ForeignObjectRel, gone: City, kept: City, merger: Merger
) -> None:
    """Rows that name several cities."""
    for row in relation.related_model._base_manager.filter(**{relation.field.name: gone}).order_by(
        "pk"
    ):
        cities = getattr(row, relation.field.name)
        cities.add(kept)
        cities.remove(gone)
        merger.count(type(row))


def _move_citations(gone: City, kept: City, merger: Merger) -> None:
    """Sources of the city's own facts. What both cite for the same field stays where it is."""
    kind = content_type_of(gone)
    for citation in Citation.objects.filter(content_type=kind, object_id=gone.pk).order_by("pk"):
        same = Citation.objects.filter(content_type=kind, object_id=kept.pk, source=citation.source)
        if not same.filter(field=citation.field).exists():
            citation.object_id = kept.pk
            citation.save()
            merger.count(Citation)


def _keep_names(gone: City, kept: City) -> None:
    """People who look for the loser by any of its names find the survivor."""
    names = {code: own_text(gone, "name", code) for code, _name in settings.SCHEMA_LANGUAGES}
    names[gone.local_language] = gone.local_name
    known = {own_text(kept, "name", code) for code, _name in settings.SCHEMA_LANGUAGES} | {
        kept.local_name
    }
    for language, name in names.items():
        if name and name not in known:
            CityName.objects.get_or_create(city=kept, name=name, language=language)
            known.add(name)
