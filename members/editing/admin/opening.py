"""Nobody's edit is lost: drafts, old versions, and what was typed when a form comes back."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, router, transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from members.editing.forms.draft_rows import beside_draft, changed_rows, with_draft, with_new_rows
from members.editing.forms.errors import error_links
from members.editing.forms.merging import MergingForm, Seen
from members.editing.forms.opening import OpeningForm
from members.editing.history import Author, author_of, log_of, values_at
from members.editing.unsent import writer_mark
from members.models import Draft, Record
from members.services import drafts


@dataclass(frozen=True)
class Opening:
    """What stands in a form besides the row itself: a draft, or an old version of a certain author
    and time."""

    draft: Draft | None = None
    version: Author | None = None
    other_draft: Draft | None = None


class KeepsEdits:
    """What `OwnCityAdmin` does so that nothing typed is lost."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_draft_discard"
        view = self.admin_site.admin_view(self.draft_discard)
        return [path("<path:object_id>/draft/discard/", view, name=name), *super().get_urls()]

    # --- Opening ----------------------------------------------------------------------------------

    def get_form(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if (
            obj is None
            or not issubclass(form, MergingForm)
            or not self.has_change_permission(request, obj)
        ):
            return form
        begun = (
            self._begin(request, obj)
            if request.method == "GET"
            else getattr(request, "held_back", {})
        )
        return type(form.__name__, (form,), begun) if begun else form

    def _begin(self, request: HttpRequest, obj: models.Model) -> dict[str, Any]:
        """What the form begins with, and a note of it for the page."""
        asked = OpeningForm(request.GET)
        if not asked.is_valid():
            raise Http404
        if wanted := asked.cleaned_data["version"]:
            entry = get_object_or_404(log_of(obj), pk=wanted)
            request.opening = Opening(version=author_of(entry))
            return {"prefill": values_at(obj, entry)}
        draft = drafts.draft_of(obj) if isinstance(obj, Record) else None
        if draft and asked.cleaned_data["public"]:
            request.opening = Opening(other_draft=draft)
        elif draft:
            request.opening = Opening(draft=draft)
            seen = Seen(draft.base_version, draft.seen, draft=draft.stamp)
            return {"prefill": draft.typed, "base": seen}
        return {}

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> Iterator[tuple]:
        """The rows below the entry as the draft left them, too."""
        opened = getattr(request, "opening", Opening()).draft
        other = getattr(request, "held_back", {}).get("other_draft")
        numbers: dict[str, int] = defaultdict(int)
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            # As stock admin names them.
            prefix = formset.get_default_prefix()
            numbers[prefix] += 1
            prefix = prefix if numbers[prefix] == 1 else f"{prefix}-{numbers[prefix]}"
            if opened and (rows := opened.rows.get(prefix)):
                own = inline.get_queryset(request).filter(**{formset.fk.name: obj})
                there = {str(key) for key in own.values_list("pk", flat=True)}
                yield with_draft(formset, rows, there), inline
            elif other and (rows := other.rows.get(prefix)):
                yield beside_draft(formset, rows, other.stamp), inline
            else:
                yield formset, inline

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: models.Model | None = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        opening = getattr(request, "opening", Opening())
        context["opening"] = opening
        context["writer_mark"] = writer_mark(request.user)
        context["clashes"] = getattr(form, "clashes", [])
        context["error_links"] = error_links(
            form, [one.formset for one in context["inline_admin_formsets"]]
        )
        if (
            isinstance(obj, Record)
            and obj.published_at
            and self.has_change_permission(request, obj)
        ):
            context["can_draft"] = isinstance(form, MergingForm)
            seen = form.seen_before() if form.is_bound and isinstance(form, MergingForm) else None
            context["in_draft"] = bool(opening.draft or (seen and seen.draft))
        if context.get("in_draft"):
            context.update(
                show_save=False, show_save_and_continue=False, show_save_and_add_another=False
            )
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Drafts -----------------------------------------------------------------------------------

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        as_draft = request.method == "POST" and "_draft" in request.POST
        kept = (
            as_draft
            and object_id
            and issubclass(self.model, Record)
            and self._keep_draft(request, object_id)
        )
        return kept or super()._changeform_view(request, object_id, form_url, extra_context)

    def _keep_draft(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Keep what was typed as a draft; where that cannot be, None: the form comes back and says
        why."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        fields = [
            name
            for _title, part in self.get_fieldsets(request, obj)
            for name in flat(part["fields"])
        ]
        form = self.get_form(request, obj, change=True, fields=fields)(
            request.POST, request.FILES, instance=obj
        )
        seen = form.seen_before() or Seen()
        formsets, _inlines = self._create_formsets(request, obj, change=True)
        if request.FILES:
            request.held_back = {
                "refused": _("A draft keeps no files. Save the file first, then the draft.")
            }
            return None
        try:
            drafts.save_draft(
                record=obj,
                typed=form.typed(),
                seen=seen.marks,
                rows=changed_rows(formsets),
                opened=seen.draft,
                by=request.user,
            )
        except drafts.AnotherDraft as error:
            request.held_back = {"refused": error.message, "other_draft": error.draft}
            request.POST = with_new_rows(request.POST, error.draft.rows)
            return None
        except ValidationError as error:
            request.held_back = {"refused": error.message}
            return None
        text = _("Saved as a draft. The public goes on reading the text as it was.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self._change_url(obj))

    def _change_url(self, obj: models.Model) -> str:
        name = f"{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(f"admin:{name}", args=[quote(obj.pk)])

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        seen = form.seen_before() if isinstance(form, MergingForm) else None
        if not (change and seen and seen.draft):
            return
        if not drafts.published(record=form.instance, opened=seen.draft) and drafts.draft_of(
            form.instance
        ):
            text = format_html(
                '{} <a href="{}">{}</a>',
                _("Your changes are public. Somebody has saved another draft since."),
                self._change_url(form.instance),
                _("Open the draft"),
            )
            self.message_user(request, text, messages.WARNING)

    def draft_discard(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then throw the draft away."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        draft = drafts.draft_of(obj) if isinstance(obj, Record) else None
        if draft is None:
            raise Http404
        if request.method == "POST":
            with transaction.atomic(using=router.db_for_write(self.model)):
                drafts.throw_away(record=obj, by=request.user)
            self.message_user(
                request, _("The draft is gone. The public text is unchanged."), messages.SUCCESS
            )
            return HttpResponseRedirect(self._change_url(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Throw the draft away?"),
            "opts": self.opts,
            "original": obj,
            "draft": draft,
            "change_url": self._change_url(obj),
        }
        return TemplateResponse(request, "admin/draft_discard.html", context)


def flat(fields: Any) -> list[str]:
    """Names of fields from a fieldset, where some stand together on a line."""
    return [name for entry in fields for name in ([entry] if isinstance(entry, str) else entry)]
