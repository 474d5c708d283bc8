"""Accessions: the queue, the file as a form, and the addresses of its pages."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.accession_queue import waits_for
from members.admin import accession_pages
from members.editing.admin.base import OwnCityAdmin
from members.editing.admin.choices import choices_for
from members.forms.accessions import ACT_FIELDS, OFFICE_FIELDS, AccessionForm, with_points
from members.models import (
    Accession,
    AccessionOwnAction,
    City,
    CommitteeSeat,
    Point,
    SuggestedAction,
)
from members.requests import user_of
from members.services import accession_parts, entries
from members.services.accessions import open_accession, refuse_opening

# The fields of a decision to join, number and day in one line.
BASIS = [
    "legal_basis",
    "basis_kind",
    ("basis_number", "basis_passed"),
    "basis_body",
    "basis_title",
    "basis_url",
    "basis_file",
]


class StageFilter(admin.SimpleListFilter):
    """Open files unless asked for others."""

    # Translators: filter or field: how far something has come: planned, running, ended
    title = gettext_lazy("stage")
    parameter_name = "stage"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [("closed", _("decided or withdrawn")), ("all", _("all files"))]

    def choices(self, changelist: Any) -> Any:
        choices = list(super().choices(changelist))
        first_choice = choices[0]
        # Translators: filter: accessions that nobody has decided yet
        first_choice["display"] = _("open")
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Accession]) -> QuerySet[Accession]:
        stage = self.value()
        if stage == "all":
            return queryset
        if stage == "closed":
            return queryset.exclude(status__in=Accession.OPEN)
        return queryset.filter(status__in=Accession.OPEN)


class OpenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new file needs only its city."""

    preset: dict[str, object] = {}

    class Meta:
        model = Accession
        fields = ["city"]

    def clean_city(self) -> City:
        city: City = self.cleaned_data["city"]
        refuse_opening(city)
        return city

    def changed_columns(self) -> list[str]:
        return []


@admin.register(Accession)
class AccessionAdmin(OwnCityAdmin):
    """The longest waiting file first."""

    form = AccessionForm
    main_fields = ("city",)
    list_display = ("file", "status", "waiting_days", "waits_for")
    list_display_links = None
    list_filter = (StageFilter, "status", "city__country")
    list_select_related = ("city",)
    search_fields = ("city",)
    ordering = ("status_since", "pk")
    actions = None
    publishes = False

    # --- The queue --------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("city"), ordering="city__slug")
    def file(self, accession: Accession) -> str:
        return format_html('<a href="{}">{}</a>', accession.get_file_url(), accession.city)

    @admin.display(description=gettext_lazy("days in this state"), ordering="status_since")
    def waiting_days(self, accession: Accession) -> int:
        return accession.waiting_days

    # Translators: heading: what an accession waits for, and whom
    @admin.display(description=gettext_lazy("waits for"))
    def waits_for(self, accession: Accession) -> str:
        return waits_for(accession)

    # --- Pages ------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view

        def page(address: str, function: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            whole_name = f"members_accession_{name}"
            return path(
                address,
                view(function),
                name=whole_name,
            )

        return [
            page("<int:pk>/", accession_pages.file, "file"),
            page("<int:pk>/note/", accession_pages.note, "note"),
            page("<int:pk>/act/", accession_pages.act, "act"),
            page("<int:pk>/archive/", accession_pages.archive, "archive"),
            page("<int:pk>/do/<slug:verb>/", accession_pages.verb, "verb"),
            *super().get_urls(),
        ]

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return accession_pages.to_file(obj)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return accession_pages.to_form(obj)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form is for those who may write in the file; everybody else reads its page."""
        if request.method in ("GET", "HEAD"):
            accession = cast("Accession", self.get_object(request, unquote(object_id)))
            if self._only_reads(request, accession):
                return accession_pages.to_file(accession)
        return super().change_view(request, object_id, form_url, extra_context)

    def _only_reads(self, request: HttpRequest, accession: Accession) -> bool:
        if not self.has_view_permission(request, accession):
            return False
        return not self.has_change_permission(request, accession)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Of two people who open one city's file at the same moment, the second reads why not."""
        try:
            return super().add_view(
                request,
                *args,
                **kwargs,
            )
        except ValidationError as error:
            reasons = " ".join(error.messages)
            self.message_user(request, reasons, messages.ERROR)
            url = reverse("admin:members_accession_changelist")
            return HttpResponseRedirect(url)

    # --- The form ---------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> "type[ModelForm[Any]]":
        if obj:
            kwargs["form"] = with_points(self._points_for(obj))
        else:
            kwargs["form"] = OpenForm
        form: type[ModelForm[Any]] = super().get_form(request, obj, change, **kwargs)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return [(None, {"fields": ["city"]})]
        papers = ["attachments"] if obj.city.documents.exists() else []
        _source_language, *panels = super().get_fieldsets(request, obj)
        return [
            (_("The decision to join"), {"fields": BASIS}),
            (_("The signed act"), {"fields": ["signed_act", *ACT_FIELDS]}),
            (_("The focal point"), {"fields": ["focal_point", *OFFICE_FIELDS]}),
            *[fieldset_of(point) for point in points_in_force()],
            (_("Further papers"), {"fields": [*papers, "paper_title", "paper_file"]}),
            (_("Resources, by language"), {"fields": ["source_language"]}),
            *panels,
        ]

    def _points_for(self, accession: Accession) -> QuerySet[Point]:
        """The points with what each suggests: to everybody, or once chosen in this file."""
        keys = accession.choices.values("suggested_action")
        chosen = SuggestedAction.objects.filter(pk__in=keys)
        suggested = (SuggestedAction.objects.public() | chosen).order_by("order")
        return points_in_force().prefetch_related(Prefetch("suggested_actions", suggested))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "city":
            user = user_of(request)
            cities = choices_for(
                user,
                City,
                Accession,
                verb="add",
                owner=True,
            )
            formfield.queryset = cities
        elif formfield:
            formfield.empty_label = _("None of these")
        return formfield

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Stock admin puts the links to windows around a list only here."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield:
            _plain(formfield.widget)
        return formfield

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = user_of(request)
        if change:
            accession_parts.keep_new(
                accession=obj,
                parts=form.parts,
                by=by,
            )
            entries.save(
                record=obj,
                by=by,
                changed=form.changed_columns(),
            )
            return
        row = open_accession(city=obj.city, by=by)
        obj.pk = row.pk
        obj._state.adding = False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            accession_parts.keep_lines(
                accession=form.instance,
                parts=form.parts,
                by=user_of(request),
            )


def points_in_force() -> QuerySet[Point]:
    points = Point.objects.public().filter(plan__in_force=True)
    return points.order_by("number")


def fieldset_of(point: Point) -> tuple[str, dict[str, Any]]:
    """The two fields of a point, which `with_points` adds to the form."""
    number = point.number
    names = [
        f"chosen_{number}",
        f"own_{number}",
    ]
    return str(point), {"fields": names}


def _plain(widget: forms.Widget) -> None:
    """A list without windows that pop up: what is new is described beside it."""
    for name in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
        setattr(widget, name, False)


@admin.register(AccessionOwnAction)
class AccessionOwnActionAdmin(OwnCityAdmin):
    """Where an own action is translated; it is written in its file."""

    main_fields = ("accession", "point", "order")
    list_display = ("__str__", "accession", "point")
    list_select_related = ("accession__city", "point")
    search_fields = ("text", "accession__city")
    ordering = ("accession__city__slug", "point__number", "order")
    publishes = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "accession":
            accessions = formfield.queryset
            formfield.queryset = accessions.filter(status__in=Accession.WITH_CITY)
        return formfield


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(OwnCityAdmin):
    main_fields = ("city", "since", "until")
    list_display = ("city", "since", "until")
    list_select_related = ("city",)
    search_fields = ("city",)
    ordering = ("city__slug",)
