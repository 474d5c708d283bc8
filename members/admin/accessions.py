"""Accessions: the queue, the file as a form, the file as one readable page, and every verb as a
page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.text import columns
from members.accession_queue import waits_for
from members.admin import accession_pages
from members.editing.admin.base import OwnCityAdmin, choices_for
from members.forms.accessions import AccessionForm, with_points
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


class StageFilter(admin.SimpleListFilter):
    """Open files unless asked for others."""

    # Translators: filter or field: how far something has come: planned, running, ended
    title = gettext_lazy("stage")
    parameter_name = "stage"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, object]]:
        return [("closed", _("decided or withdrawn")), ("all", _("all files"))]

    def choices(self, changelist: Any) -> Any:
        shown = list(super().choices(changelist))
        # Translators: filter: accessions that nobody has decided yet
        shown[0]["display"] = _("open")
        return shown

    def queryset(self, request: HttpRequest, queryset: QuerySet[Accession]) -> QuerySet[Accession]:
        if self.value() == "all":
            return queryset
        if self.value() == "closed":
            return queryset.exclude(status__in=Accession.OPEN)
        return queryset.filter(status__in=Accession.OPEN)


class OpenForm(forms.ModelForm):
    """A new file needs only its city."""

    preset: dict[str, object] = {}

    class Meta:
        model = Accession
        fields = ["city"]

    def clean_city(self) -> City:
        refuse_opening(self.cleaned_data["city"])
        return self.cleaned_data["city"]

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
    search_fields = ("city__slug", "city__local_name")
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
        site = self.admin_site.admin_view

        def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, site(view), name=f"members_accession_{name}")

        return [
            page("<int:pk>/", accession_pages.file, "file"),
            page("<int:pk>/note/", accession_pages.note, "note"),
            page("<int:pk>/act/", accession_pages.act, "act"),
            page("<int:pk>/archive/", accession_pages.archive, "archive"),
            page("<int:pk>/do/<slug:verb>/", accession_pages.verb, "verb"),
            *super().get_urls(),
        ]

    def response_post_save_change(self, request: HttpRequest, obj: Accession) -> HttpResponse:
        return accession_pages.to_file(obj)

    def response_add(
        self, request: HttpRequest, obj: Accession, post_url_continue: str | None = None
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
            accession = self.get_object(request, unquote(object_id))
            if self.has_view_permission(request, accession) and not self.has_change_permission(
                request, accession
            ):
                return accession_pages.to_file(accession)
        return super().change_view(request, object_id, form_url, extra_context)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Of two people who open the same city's file at the same moment the second reads why
        not."""
        try:
            return super().add_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:members_accession_changelist"))

    # --- The form ---------------------------------------------------------------------------------

    def get_form(
        self,
        request: HttpRequest,
        obj: Accession | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm]:
        if obj is None:
            return super().get_form(request, obj, change, **{**kwargs, "form": OpenForm})
        return super().get_form(
            request, obj, change, **{**kwargs, "form": with_points(self._offering(obj))}
        )

    def get_fieldsets(self, request: HttpRequest, obj: Accession | None = None) -> list:
        if obj is None:
            return [(None, {"fields": ["city"]})]
        papers = ["attachments"] if obj.city.documents.exists() else []
        _source_language, *panels = super().get_fieldsets(request, obj)
        return [
            (
                _("The decision to join"),
                {
                    "fields": [
                        "legal_basis",
                        "basis_kind",
                        ("basis_number", "basis_passed"),
                        "basis_body",
                        "basis_title",
                        "basis_url",
                        "basis_file",
                    ]
                },
            ),
            (
                _("The signed act"),
                {
                    "fields": [
                        "signed_act",
                        "act_signed",
                        "act_signatories",
                        "act_file",
                        "act_exists",
                    ]
                },
            ),
            (_("The focal point"), {"fields": ["focal_point", "office_name", "office_email"]}),
            *[
                (str(point), {"fields": [f"chosen_{point.number}", f"own_{point.number}"]})
                for point in self._points()
            ],
            (_("Further papers"), {"fields": [*papers, "paper_title", "paper_file"]}),
            (_("Resources, by language"), {"fields": ["source_language"]}),
            *panels,
        ]

    def _points(self) -> QuerySet[Point]:
        return Point.objects.public().filter(plan__in_force=True).order_by("number")

    def _offering(self, accession: Accession) -> QuerySet[Point]:
        """The points, each with what it suggests to everybody, and what this file chose before it
        was withdrawn."""
        chosen = SuggestedAction.objects.filter(pk__in=accession.choices.values("suggested_action"))
        offered = (SuggestedAction.objects.public() | chosen).order_by("order")
        return self._points().prefetch_related(Prefetch("suggested_actions", offered))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "city":
            cities = choices_for(user_of(request), City, Accession, verb="add", owner=True)
            formfield.queryset = cities.order_by("slug")
        elif formfield:
            formfield.empty_label = _("None of these")
            _plain(formfield.widget)
        return formfield

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_manytomany(db_field, request, **kwargs)
        _plain(formfield.widget)
        return formfield

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        answer = super().render_change_form(request, context, *args, **kwargs)
        answer.context_data["show_save_and_add_another"] = False
        return answer

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Accession, form: AccessionForm, change: bool
    ) -> None:
        if not change:
            opened = open_accession(city=obj.city, by=user_of(request))
            obj.pk, obj._state.adding = opened.pk, False
            obj.refresh_from_db()
            return
        accession_parts.keep_new(accession=obj, parts=form.parts, by=user_of(request))
        entries.save(record=obj, by=user_of(request), changed=form.changed_columns())

    def save_related(
        self, request: HttpRequest, form: AccessionForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            accession_parts.keep_lines(
                accession=form.instance, parts=form.parts, by=user_of(request)
            )


def _plain(widget: forms.Widget) -> None:
    """A list without windows that pop up: what is new is typed beside it."""
    for name in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
        setattr(widget, name, False)


@admin.register(AccessionOwnAction)
class AccessionOwnActionAdmin(OwnCityAdmin):
    """Where an own action is translated; it is written in its file."""

    main_fields = ("accession", "point", "order")
    list_display = ("__str__", "accession", "point")
    list_select_related = ("accession__city", "point")
    search_fields = columns("text")
    ordering = ("accession__city__slug", "point__number", "order")
    publishes = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "accession":
            formfield.queryset = formfield.queryset.filter(status__in=Accession.WITH_CITY)
        return formfield


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(OwnCityAdmin):
    main_fields = ("city", "since", "until")
    list_display = ("city", "since", "until")
    list_select_related = ("city",)
    search_fields = ("city__slug", "city__local_name")
    ordering = ("city__slug",)
