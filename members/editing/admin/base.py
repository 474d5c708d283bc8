"""The base of every ModelAdmin: a coordinator sees and changes the rows of their own cities."""

from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from languages.freshness import language_states
from languages.names import own_name
from languages.states import STATES, State
from languages.text import column, translated_fields
from members.editing.admin.answers import with_words
from members.editing.admin.choices import OwnChoices
from members.editing.admin.dates import with_written_dates
from members.editing.admin.deletion import without_built_rows
from members.editing.admin.filters import OccurringByName
from members.editing.admin.history import ReadableHistory
from members.editing.admin.once import AddedOnce
from members.editing.admin.opening import EntryDrafts
from members.editing.admin.publishing import PUBLISH, EntryPublishing, note_refusal
from members.editing.admin.search import ListSearch
from members.editing.admin.sources import SO_FAR, EntrySources
from members.editing.admin.way_back import WayBack
from members.editing.forms.draft_rows import MergingFormSet
from members.editing.forms.records import RecordForm
from members.editing.forms.row_select import RowSelect
from members.editing.forms.rows import LONGEST_NUMBER, is_key
from members.models import City, Owned, Record, User
from members.permissions import cities_where, city_of, may, may_in_city
from members.public_addresses import public_address
from members.requests import user_of
from members.services import entries

# Admin actions of every kind of entry that is published.
PUBLISHING = ("publish_selected", "withdraw_selected")
# In Django's own catalogues.
CHOOSE = "Select this object for an action - {}"

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    AdminBase = admin.ModelAdmin
    StackedInline = admin.StackedInline


class RecordService(Protocol):
    """A service that is called for one row after the other."""

    def __call__(self, *, record: Any, by: User) -> object: ...


class OwnCityAdmin(
    AddedOnce,
    EntryPublishing,
    EntryDrafts,
    EntrySources,
    ReadableHistory,
    WayBack,
    ListSearch,
    OwnChoices,
    AdminBase,
):
    """A ModelAdmin whose rows are those of the person's cities.

    `main_fields`: fields without languages, in order. `office_fields`: of these, what
    only the secretariat changes. Texts per language follow by themselves, one panel per language.
    """

    form: Any = RecordForm
    main_fields: tuple[Any, ...] = ()
    office_fields: tuple[str, ...] = ()
    # Whether the public ever reads these entries.
    publishes = True
    list_per_page = 50
    save_on_top = False
    actions: tuple[str, ...] | None = PUBLISHING

    # --- Which rows, and what may be done with them -----------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        user = user_of(request)
        rows: models.QuerySet[Any] = self.model.objects.editable_by(user)
        cities = cities_where(user, "view", self.model)
        if cities and not user.is_secretariat:
            # Who leads one city and only reads for another sees the invitations of the first.
            lookup = f"{self.model.CITY_PATH}__in"
            rows = rows.filter(**{lookup: cities})
        ordering = self.get_ordering(request)
        if not ordering:
            return rows.order_by("pk")
        return rows.order_by(*ordering)

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        # The sign-in page asks too, where nobody is signed in.
        user = request.user
        if not isinstance(user, User):
            return False
        return may(user, verb, obj or self.model)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add", None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """404 for a row of another city; stock admin redirects with a message."""
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row

    # --- Lists ------------------------------------------------------------------------------------

    def action_checkbox(self, obj: Any) -> SafeString:
        """As Django's own, which renders a template for each row: a fifth of a list's time."""
        label = format_html(gettext(CHOOSE), str(obj))
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            label,
        )

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, with dates as all pages write them."""
        columns = super().get_list_display(request)
        dated = with_written_dates(self.model, columns)
        return with_words(self, dated)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        links = super().get_list_display_links(request, list_display)
        return links and with_written_dates(self.model, links)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Filters of relations offer only what occurs among the person's own rows."""
        filters = super().get_list_filter(request)
        return [self._own_filter(item) for item in filters]

    def _own_filter(self, item: Any) -> Any:
        if not isinstance(item, str):
            return item
        fields = get_fields_from_path(self.model, item)
        if fields[-1].is_relation:
            return (item, OccurringByName)
        return item

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only what the list's own filters send.

        With other lookups somebody could guess, letter by letter, what no page shows (a hash of a
        password), or ask the database for what it cannot answer.
        """
        is_too_large = value.isdecimal() and len(value) > LONGEST_NUMBER
        if is_too_large or "\x00" in value:
            return False
        endings = ("", "__exact", "__id__exact", "__isnull")
        filters = self.get_list_filter(request)
        names = [self._name_of_filter(item) for item in filters]
        lookups = {f"{name}{ending}" for name in names for ending in endings}
        return lookup in lookups

    def _name_of_filter(self, item: Any) -> str:
        """A filter is the name of a field, a field with its kind of filter, or a class."""
        if isinstance(item, str):
            return item
        parameter = getattr(item, "parameter_name", None)
        return str(parameter or item[0])

    @admin.display(description=_("public"), boolean=True, ordering="published_at")
    def is_published(self, record: Record) -> bool:
        return record.published_at is not None

    def can_be_public(self) -> bool:
        """Whether entries of this kind are published and withdrawn here."""
        is_record = issubclass(self.model, Record)
        return self.publishes and is_record

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        may_publish = self.can_be_public() and self.has_change_permission(request)
        if not may_publish:
            for name in PUBLISHING:
                actions.pop(name, None)
        return actions

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Rows are chosen by their numbers; stock admin answers anything else with a 500."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(map(is_key, keys)):
            raise BadRequest("Rows are chosen by their numbers.")
        return super().response_action(request, queryset, *args, **kwargs)

    @admin.action(description=_("Publish the selected entries"))
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self.call_for_each(request, queryset, entries.publish)

    @admin.action(description=_("Take the selected entries off the public pages"))
    def withdraw_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self.call_for_each(request, queryset, entries.withdraw)

    def call_for_each(
        self, request: HttpRequest, queryset: models.QuerySet[Any], service: RecordService
    ) -> None:
        """Call a service for each row that the person may change, and say how many it took."""
        count = 0
        for record in queryset:
            if not self.has_change_permission(request, record):
                continue
            try:
                service(record=record, by=user_of(request))
                count += 1
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        if count:
            text = _("Done. Number of entries: %(count)d") % {"count": count}
            self.message_user(request, text, messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """What says `GOES_WITH_ENTRY` (citations, drafts, examples) goes with an entry, whoever may
        delete these alone. What the portal builds from an entry (rows of the index) is not named.

        Where a protected row stands in the way, the page names that as the only reason.
        """
        deleted, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        if protected:
            return deleted, counts, set(), protected
        for model in apps.get_models():
            if issubclass(model, Owned) and model.GOES_WITH_ENTRY:
                missing_rights.discard(model._meta.verbose_name)
        return without_built_rows(deleted), counts, missing_rights, protected

    # --- The form ---------------------------------------------------------------------------------

    def source_language(self, request: HttpRequest, obj: Any) -> str:
        if obj is not None:
            return str(obj.source_language)
        code = request.POST.get("source_language", "")
        languages = dict(settings.SCHEMA_LANGUAGES)
        if code in languages:
            return code
        return user_of(request).language

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        main = list(self.main_fields)
        if obj is not None and not self.has_change_permission(request, obj):
            main = self._fields_to_read(main)
        texts = translated_fields(self.model)
        named_sources = self.source_panel(request, obj)
        if not texts:
            return [(None, {"fields": main}), *named_sources]
        source = self.source_language(request, obj)
        states = language_states(obj) if obj else {source: State.SOURCE}
        others = [code for code, _name in settings.LANGUAGES if code != source]
        panels = [
            self._panel(code, texts, states.get(code, State.EMPTY), obj)
            for code in (source, *others)
        ]
        _name, source_panel = panels[0]
        source_panel["classes"] = ["language-panel"]
        main_panel = (None, {"fields": ["source_language", *main]})
        return [main_panel, *panels, *named_sources]

    def _fields_to_read(self, fields: list[Any]) -> list[Any]:
        """Without those that only a form has: where nothing can be changed, there is none."""
        known = {field.name for field in self.model._meta.get_fields()}
        known.update(self.readonly_fields)
        lines = []
        for line in fields:
            names = line if isinstance(line, tuple) else (line,)
            kept = tuple(name for name in names if name in known)
            if kept:
                lines.append(kept)
        return lines

    def _panel(
        self, code: str, texts: list[str], state: State, obj: Any
    ) -> tuple[str, dict[str, Any]]:
        """The texts of one language, folded.

        `templates/admin/includes/fieldset.html` draws the state from the description.
        """
        description = {
            "code": code,
            "state": state.value,
            "label": STATES[state],
        }
        if obj is not None and state not in (State.SOURCE, State.EMPTY):
            place = [self.opts.model_name, obj.pk, code]
            description["desk_url"] = reverse("admin:side_by_side", args=place)
        options = {
            "fields": [column(name, code) for name in texts],
            "classes": ["collapse", "language-panel"],
            "description": description,
        }
        return own_name(code), options

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        fields = super().get_readonly_fields(request, obj)
        if self.names_sources(request, obj):
            fields = (*fields, SO_FAR)
        is_office = user_of(request).is_secretariat
        if is_office:
            return tuple(fields)
        return (*fields, *self.office_fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = cities_where(user_of(request), "add", self.model)
        city = {"city": own[0]} if len(own) == 1 else {}
        return {
            "source_language": user_of(request).language,
            **city,
            **super().get_changeform_initial_data(request),
        }

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site))
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield:
            # The marks of a form say what a person saw. Django's hidden second field for a default
            # that is computed would add invalid HTML.
            formfield.show_hidden_initial = False
        return formfield

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        user = user_of(request)
        is_city = db_field.related_model is City
        if formfield and is_city and not user.is_secretariat:
            # A coordinator's entry always belongs to one of their cities.
            formfield.required = formfield.required or db_field.name == self.model.CITY_PATH
            cities = cities_where(user, "change", self.model)
            if len(cities) == 1:
                formfield.empty_label = None
        return formfield

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Tell the page whether the entry can be published from here."""
        can_be_public = self.can_be_public()
        may_write = (
            self.has_add_permission(request) if add else self.has_change_permission(request, obj)
        )
        is_public = can_be_public and obj is not None and obj.published_at is not None
        context["can_be_public"] = can_be_public
        context["show_publish"] = can_be_public and may_write and not is_public
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        entries.save(
            record=obj, by=user_of(request), changed=form.changed_columns(), small=form.is_small()
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            entries.delete(record=row, by=user_of(request))
        forms_of_rows = {id(inline.instance): inline for inline in formset.forms}
        for row in rows:
            inline = forms_of_rows.get(id(row))
            changed = inline.changed_columns() if inline else ()
            entries.save(
                record=row,
                by=user_of(request),
                changed=changed,
            )
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        self.cite_named_sources(form)
        super().save_related(request, form, formsets, change)
        obj = form.instance
        if not self.can_be_public():
            return
        is_publishing = PUBLISH in request.POST
        if is_publishing:
            self._publish(request, obj)
            return
        if obj.published_at:
            self._publish_new_parts(request, formsets)

    def _publish_new_parts(self, request: HttpRequest, formsets: Any) -> None:
        """What is added below a public entry is public at once, if it is a part of the entry."""
        for formset in formsets:
            cascades = formset.fk.remote_field.on_delete is models.CASCADE
            is_part = cascades and issubclass(formset.model, Record)
            if not is_part:
                continue
            for part in formset.new_objects:
                self._try_to_publish(request, part)

    def _publish(self, request: HttpRequest, record: Record) -> None:
        if self._try_to_publish(request, record):
            message = _("It is public now.")
            self.message_user(request, message, messages.SUCCESS)
        else:
            note_refusal(request)

    def _try_to_publish(self, request: HttpRequest, record: Record) -> bool:
        try:
            entries.publish(record=record, by=user_of(request))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        return True

    # --- The way to the public page ---------------------------------------------------------------

    def view_on_site(self, obj: Any) -> str | None:
        """Where the public reads this entry."""
        return public_address(obj)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None:
            return None
        return self.view_on_site(obj)


class OwnCityInline(OwnChoices):
    """An inline whose rows follow the rights of the city that the page's object belongs to."""

    form: Any = RecordForm
    formset: Any = MergingFormSet
    extra = 0
    # Stock admin would link rows by their number, through a redirect that the portal does not have.
    view_on_site: Any = False

    def formset_arguments(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Further arguments of the formset's constructor; `obj` is None for a new entry."""
        return {}

    def _may(self, request: HttpRequest, verb: str, parent: Any) -> bool:
        user = user_of(request)
        if parent is None:
            return may(user, verb, self.model)
        city = city_of(parent)
        return may_in_city(user, verb, self.model, city)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)
