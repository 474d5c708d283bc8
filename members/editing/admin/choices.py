"""What a person may choose in the administration: nothing of other cities."""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Subquery
from django.forms.widgets import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.text import capfirst

from languages.choices import sort_by_name
from languages.models import IndexRow
from languages.text import current_language
from members.editing.forms.fields import LanguageCodeField, RowNameField
from members.editing.forms.rows import SeveralRows
from members.models import City, Owned, Record, User
from members.permissions import cities_where
from members.requests import user_of

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    AdminBase = BaseModelAdmin[Any]
else:
    AdminBase = object

# Columns with the code of a language: chosen by the name of the language.
LANGUAGES_OF_TEXTS = {"original_language", "local_language", "notice_language", "language"}


def choices_for(
    user: User,
    model: Any,
    chosen_for: type[models.Model],
    verb: str = "change",
    owner: bool = False,
) -> models.QuerySet[Any]:
    """Rows of `model` that a person may choose in a drop-down of `chosen_for`.

    The secretariat chooses among all. A coordinator chooses what belongs to nobody, or to a city
    for which they may `verb` (view, add, change, delete) this kind of entry. `owner`: the choice
    says to which city the entry itself belongs, so what belongs to nobody is no choice.
    """
    rows: models.QuerySet[Any] = model.objects.all()
    if user.is_secretariat:
        return rows
    if model.CITY_PATH is None:
        return _public(model) if issubclass(model, Record) else rows
    cities = cities_where(user, verb, chosen_for)
    own = rows.filter(**{f"{model.CITY_PATH}__in": cities})
    if not owner and _may_lack_a_city(model):
        return own | _public(model).filter(city__isnull=True)
    return own


def shown_name_order() -> list[Any]:
    """The order of cities by the name that the reader sees, in the dictionary order of their
    language; last those that are not public, by their address."""
    names = IndexRow.objects.filter(
        content_type=ContentType.objects.get_for_model(City),
        object_id=OuterRef("pk"),
        language=current_language(),
    )
    name = Subquery(names.values("sort_key")[:1])
    return [name.asc(nulls_last=True), "slug"]


def _public(model: Any) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model.objects.public()
    return rows


def _may_lack_a_city(model: Any) -> bool:
    if not issubclass(model, Record):
        return False
    if model.CITY_PATH != "city":
        return False
    field = model._meta.get_field("city")
    return bool(field.null)


def is_owner(db_field: "models.Field[Any, Any]") -> bool:
    """Whether this field is the first step from its entry to the city that the entry belongs to."""
    path = getattr(db_field.model, "CITY_PATH", None) or ""
    return db_field.name == path.partition("__")[0]


def name_places(formfield: Any, user: User) -> None:
    """Let the office, which chooses among all cities, see whose each row is: two cities have a
    programme of one name. One query for any number of rows."""
    rows = getattr(formfield, "queryset", None)
    if rows is None or not user.is_secretariat:
        return
    places = [name for name in ("city", "country") if _is_relation(rows.model, name)]
    if rows.model.CITY_PATH != "city" or not places:
        return
    formfield.queryset = rows.select_related(*places)
    formfield.label_from_instance = lambda row: _with_place(row, places)


def is_named(model: type[models.Model]) -> bool:
    """Whether people look for its rows by their names: cities, programmes, organisations."""
    names = {field.name for field in model._meta.get_fields()}
    return model is City or "original_name" in names


def _is_relation(model: type[models.Model], name: str) -> bool:
    return any(field.name == name and field.is_relation for field in model._meta.get_fields())


def _with_place(row: models.Model, places: list[str]) -> str:
    """`Office for Equality · Kraków`; the row as it is where it says its city itself."""
    name = str(row)
    place = next((str(getattr(row, one)) for one in places if getattr(row, one)), "")
    return name if place in name else f"{name} · {place}"


class OwnChoices(AdminBase):
    """Drop-downs of an admin or an inline offer nothing of other cities."""

    # An address without http:// or https:// is taken for one with https://.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    # Foreign keys to organisations and programmes that are named by typing, each with the kind that
    # a new row gets.
    new_row_kinds: dict[str, str] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.new_row_kinds:
            return self._row_name_field(db_field, request)
        if db_field.name in LANGUAGES_OF_TEXTS and not db_field.choices:
            return db_field.formfield(form_class=LanguageCodeField, help_text="")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _row_name_field(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest
    ) -> RowNameField:
        model, kind = db_field.related_model, self.new_row_kinds[db_field.name]
        return RowNameField(
            choices_for(user_of(request), model, self.model),
            lambda name: model(kind=kind, original_name=name),
            label=capfirst(db_field.verbose_name),
            required=not db_field.blank,
        )

    def suggested_names(self, request: HttpRequest) -> dict[str, list[str]]:
        """Names that the fields for typing suggest, by the name of the model."""
        opts = self.model._meta
        fields = [opts.get_field(name) for name in self.new_row_kinds]
        models_of_rows = {db_field.related_model for db_field in fields}
        suggestions = {}
        for model in models_of_rows:
            rows = choices_for(user_of(request), model, self.model)
            names = set(rows.values_list("original_name", flat=True))
            suggestions[model._meta.model_name] = sorted(names)
        return suggestions

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        related = db_field.related_model
        owner = is_owner(db_field)
        if issubclass(related, Owned):
            user = user_of(request)
            rows = choices_for(user, related, self.model, owner=owner)
            if related is City:
                rows = rows.order_by(*shown_name_order())
            kwargs["queryset"] = rows
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if issubclass(related, Owned) and related is not City:
            name_places(formfield, user_of(request))
        if formfield is not None and is_named(related):
            sort_by_name(formfield)
        return formfield

    def formfield_for_manytomany(
        self, db_field: "models.ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        related = db_field.related_model
        if issubclass(related, Owned):
            user = user_of(request)
            rows = choices_for(user, related, self.model)
            if related is City:
                rows = rows.order_by(*shown_name_order())
            kwargs["queryset"] = rows
        kwargs.setdefault("form_class", SeveralRows)
        if related is not City:
            # A few things to tick; only cities are too many for that.
            kwargs["widget"] = CheckboxSelectMultiple
        formfield = super().formfield_for_manytomany(db_field, request, **kwargs)
        if issubclass(related, Owned) and related is not City:
            name_places(formfield, user_of(request))
        if formfield is not None and is_named(related):
            sort_by_name(formfield)
        return formfield
