"""Every page of the administration holds a coordinator to their own city. It is done here and
nowhere else."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from languages.freshness import language_states
from languages.names import own_name
from languages.search.results import matching_rows
from languages.states import STATES, State
from languages.text import column, translated_fields
from members.editing.admin.history import ReadableHistory
from members.editing.admin.opening import KeepsEdits
from members.editing.forms.fields import LanguageCodeField, TypedRowField
from members.editing.forms.records import RecordForm
from members.editing.forms.rows import LONGEST_NUMBER, SeveralRows
from members.filters import QUERY_LENGTH
from members.models import Citation, City, Draft, Owned, Record
from members.models.record import content_type_of
from members.permissions import cities_where, city_of, may, may_in_city
from members.public_addresses import public_address
from members.services import entries

# Columns that say in which language something is written: chosen by name, not typed as a code.
LANGUAGES_OF_TEXTS = {"original_language", "local_language", "notice_language", "language"}


def is_key(text: str) -> bool:
    """Whether this can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def choices_for(
    user: models.Model,
    model: type[models.Model],
    chosen_for: type[models.Model],
    verb: str = "change",
    owner: bool = False,
) -> models.QuerySet:
    """What somebody may choose in a drop-down of `chosen_for`: for the secretariat all; for a
    coordinator what belongs to a city for which they may `verb` this kind of entry, or to nobody.
    What belongs to nobody is no choice where it would be the `owner`: it says to which city the
    entry itself belongs."""
    if user.is_secretariat:
        return model.objects.all()
    if model.CITY_PATH is None:
        return model.objects.public() if issubclass(model, Record) else model.objects.all()
    own = model.objects.filter(**{f"{model.CITY_PATH}__in": cities_where(user, verb, chosen_for)})
    if (
        not owner
        and model.CITY_PATH == "city"
        and model._meta.get_field("city").null
        and issubclass(model, Record)
    ):
        return own | model.objects.public().filter(city__isnull=True)
    return own


def is_owner(db_field: models.Field) -> bool:
    """Whether this field is the first step from its entry to the city that the entry belongs to."""
    path = getattr(db_field.model, "CITY_PATH", None) or ""
    return db_field.name == path.partition("__")[0]


class OwnChoices:
    """Drop-downs of an admin or an inline offer nothing of other cities."""

    # An address typed without http:// or https:// is taken for the safe one.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    # Organisations and programmes that are named by typing: the foreign key, and the kind that a
    # new row gets.
    typed: dict[str, str] = {}

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.typed:
            return self._typed_field(db_field, request)
        if db_field.name in LANGUAGES_OF_TEXTS and not db_field.choices:
            return db_field.formfield(form_class=LanguageCodeField, help_text="")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _typed_field(self, db_field: models.ForeignKey, request: HttpRequest) -> TypedRowField:
        model, kind = db_field.related_model, self.typed[db_field.name]
        return TypedRowField(
            choices_for(request.user, model, self.model),
            lambda name: model(kind=kind, original_name=name),
            label=capfirst(db_field.verbose_name),
            required=not db_field.blank,
        )

    def typed_names(self, request: HttpRequest) -> dict[str, list[str]]:
        """What the fields that are typed suggest, by the name of the model."""
        models_named = {self.model._meta.get_field(name).related_model for name in self.typed}
        return {
            model._meta.model_name: sorted(
                set(
                    choices_for(request.user, model, self.model).values_list(
                        "original_name", flat=True
                    )
                )
            )
            for model in models_named
        }

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if issubclass(db_field.related_model, Owned):
            kwargs["queryset"] = choices_for(
                request.user, db_field.related_model, self.model, owner=is_owner(db_field)
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if issubclass(db_field.related_model, Owned):
            kwargs["queryset"] = choices_for(request.user, db_field.related_model, self.model)
        kwargs.setdefault("form_class", SeveralRows)
        if db_field.related_model is not City:
            # A few things to tick; only cities are too many for that.
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class OwnCityAdmin(KeepsEdits, ReadableHistory, OwnChoices, admin.ModelAdmin):
    """A ModelAdmin whose rows are those of the person's cities.

    `main_fields`: fields that are not kept per language, in order. `office_fields`: of these, what
    only the secretariat changes. Texts per language follow by themselves, one panel per language.
    """

    form = RecordForm
    main_fields: tuple[str, ...] = ()
    office_fields: tuple[str, ...] = ()
    # Whether the public ever reads these entries.
    publishes = True
    list_per_page = 50
    save_on_top = False
    actions = ("publish_selected", "withdraw_selected")

    # --- Which rows, and what may be done with them -----------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = self.model.objects.editable_by(request.user)
        seen = cities_where(request.user, "view", self.model)
        if seen and not request.user.is_secretariat:
            # Who leads one city and only reads for another sees the invitations of the first.
            rows = rows.filter(**{f"{self.model.CITY_PATH}__in": seen})
        return rows.order_by(*(self.get_ordering(request) or ("pk",)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, "view", obj or self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "add", self.model)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, "change", obj or self.model)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, "delete", obj or self.model)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # Stock admin redirects with a message; another city's row does not exist here, and that is
        # a 404.
        raise Http404

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    # --- Lists ------------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> list:
        """Filters of relations offer only what occurs among the person's own rows."""
        return [self._own_filter(item) for item in super().get_list_filter(request)]

    def _own_filter(self, item: Any) -> Any:
        if isinstance(item, str) and get_fields_from_path(self.model, item)[-1].is_relation:
            return (item, admin.RelatedOnlyFieldListFilter)
        return item

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list's own filters send. Any other lookup would let somebody guess, letter
        by letter, what no page shows them (a fingerprint of a password), or ask the database for
        what it cannot answer."""
        filters = [self._name_of_filter(item) for item in self.get_list_filter(request)]
        sent = {
            f"{name}{end}" for name in filters for end in ("", "__exact", "__id__exact", "__isnull")
        }
        return (
            lookup in sent
            and "\x00" not in value
            and not (value.isdecimal() and len(value) > LONGEST_NUMBER)
        )

    def _name_of_filter(self, item: Any) -> str:
        """A filter is the name of a field, a field with its kind of filter, or a class of its
        own."""
        return item if isinstance(item, str) else getattr(item, "parameter_name", None) or item[0]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Names without diacritics are found by the index; what is not public yet by its own
        columns."""
        search_term = search_term[:QUERY_LENGTH]
        found, distinct = super().get_search_results(request, queryset, search_term)
        if search_term.strip() and issubclass(self.model, Record):
            rows = matching_rows(search_term).filter(content_type=content_type_of(self.model()))
            found = found | queryset.filter(pk__in=rows.values("object_id"))
        return found, distinct

    @admin.display(description=_("public"), boolean=True, ordering="published_at")
    def is_published(self, record: Record) -> bool:
        return record.published_at is not None

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        if not (
            self.publishes and issubclass(self.model, Record)
        ) or not self.has_change_permission(request):
            actions.pop("publish_selected", None)
            actions.pop("withdraw_selected", None)
        return actions

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> HttpResponse | None:
        """Rows are chosen by their numbers; stock admin answers anything else with a 500."""
        for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
            if not is_key(chosen):
                raise BadRequest("Rows are chosen by their numbers.")
        return super().response_action(request, queryset)

    @admin.action(description=_("Publish the selected entries"))
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._each(request, queryset, entries.publish)

    @admin.action(description=_("Take the selected entries off the public pages"))
    def withdraw_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._each(request, queryset, entries.withdraw)

    def _each(self, request: HttpRequest, queryset: models.QuerySet, action: Any) -> None:
        done = 0
        for record in queryset:
            if not self.has_change_permission(request, record):
                continue
            try:
                action(record=record, by=request.user)
                done += 1
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        if done:
            self.message_user(
                request, _("Done. Number of entries: %(count)d") % {"count": done}, messages.SUCCESS
            )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        """What names the sources of an entry and its draft go with it; only the office changes the
        first, but nobody misses either."""
        gone, counts, missing, protected = super().get_deleted_objects(objs, request)
        forgotten = {Citation._meta.verbose_name, Draft._meta.verbose_name}
        # Where something stands in the way, that is the reason, and not a right that nobody has.
        return gone, counts, set() if protected else missing - forgotten, protected

    # --- The form ---------------------------------------------------------------------------------

    def source_language(self, request: HttpRequest, obj: models.Model | None) -> str:
        if obj is not None:
            return obj.source_language
        asked = request.POST.get("source_language", "")
        return asked if asked in dict(settings.SCHEMA_LANGUAGES) else request.user.language

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        main = list(self.main_fields)
        texts = translated_fields(self.model)
        if not texts:
            return [(None, {"fields": main})]
        source = self.source_language(request, obj)
        states = language_states(obj) if obj else {source: State.SOURCE}
        codes = [source, *(code for code, _name in settings.LANGUAGES if code != source)]
        panels = [self._panel(code, texts, states.get(code, State.EMPTY), obj) for code in codes]
        panels[0][1]["classes"] = ["language-panel"]
        return [(None, {"fields": ["source_language", *main]}), *panels]

    def _panel(
        self, code: str, texts: list[str], state: State, obj: models.Model | None
    ) -> tuple[str, dict[str, Any]]:
        """The texts of one language, folded; `templates/admin/includes/fieldset.html` draws its
        state."""
        fields = [column(name, code) for name in texts]
        description = {"code": code, "state": state.value, "label": STATES[state]}
        if obj is not None and state not in (State.SOURCE, State.EMPTY):
            description["desk_url"] = reverse(
                "admin:side_by_side", args=[self.opts.model_name, obj.pk, code]
            )
        return own_name(code), {
            "fields": fields,
            "classes": ["collapse", "language-panel"],
            "description": description,
        }

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_secretariat else fixed + tuple(self.office_fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = cities_where(request.user, "add", self.model)
        city = {"city": own[0]} if len(own) == 1 else {}
        return {
            "source_language": request.user.language,
            **city,
            **super().get_changeform_initial_data(request),
        }

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if formfield and db_field.related_model is City and not request.user.is_secretariat:
            # A coordinator's entry always belongs to one of their cities.
            formfield.required = formfield.required or db_field.name == self.model.CITY_PATH
            if len(cities_where(request.user, "change", self.model)) == 1:
                formfield.empty_label = None
        return formfield

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: models.Model | None = None,
    ) -> HttpResponse:
        """Tell the page whether the entry can be published from here."""
        context["can_be_public"] = self.publishes and issubclass(self.model, Record)
        may_write = (
            self.has_add_permission(request) if add else self.has_change_permission(request, obj)
        )
        context["show_publish"] = (
            context["can_be_public"] and may_write and not (obj and obj.published_at)
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool
    ) -> None:
        entries.save(
            record=obj, by=request.user, changed=form.changed_columns(), small=form.is_small()
        )

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: Any, change: bool
    ) -> None:
        rows = formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        changed = {id(inline.instance): inline for inline in formset.forms}
        for row in rows:
            inline = changed.get(id(row))
            entries.save(
                record=row, by=request.user, changed=inline.changed_columns() if inline else ()
            )
        formset.save_m2m()

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        obj = form.instance
        if not (self.publishes and isinstance(obj, Record)):
            return
        if "_publish" in request.POST:
            self._publish(request, obj)
        elif obj.published_at:
            self._publish_new_parts(request, formsets)

    def _publish_new_parts(self, request: HttpRequest, formsets: Any) -> None:
        """What is added below a public entry is public with it, as it was when the entry itself was
        published."""
        for formset in formsets:
            is_part = (
                issubclass(formset.model, Record)
                and formset.fk.remote_field.on_delete is models.CASCADE
            )
            for part in formset.new_objects if is_part else ():
                self._try_to_publish(request, part)

    def _publish(self, request: HttpRequest, record: Record) -> None:
        if self._try_to_publish(request, record):
            self.message_user(request, _("It is public now."), messages.SUCCESS)

    def _try_to_publish(self, request: HttpRequest, record: Record) -> bool:
        try:
            entries.publish(record=record, by=request.user)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        return True

    # --- The way to the public page ---------------------------------------------------------------

    def view_on_site(self, obj: models.Model) -> str | None:
        """Where the public reads this entry."""
        return public_address(obj)

    def get_view_on_site_url(self, obj: models.Model | None = None) -> str | None:
        return self.view_on_site(obj) if obj is not None else None


class OwnCityInline(OwnChoices):
    """An inline whose rows follow the rights of the city that the page's object belongs to."""

    form = RecordForm
    extra = 0
    # Stock admin would link rows by their number, through a redirect that the portal does not have.
    view_on_site = False

    def _may(self, request: HttpRequest, verb: str, parent: models.Model | None) -> bool:
        if parent is None:
            return may(request.user, verb, self.model)
        return may_in_city(request.user, verb, self.model, city_of(parent))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "delete", obj)
