"""The plan, the lists of grounds and target groups, and the network's own texts."""

from django.contrib import admin

from members.editing.admin.base import OwnCityAdmin
from members.models import Ground, NetworkText, Plan, Point, SuggestedAction, TargetGroup


@admin.register(NetworkText)
class NetworkTextAdmin(OwnCityAdmin):
    main_fields = ("key",)
    list_display = ("__str__", "is_published")
    search_fields = ("text",)
    ordering = ("pk",)


@admin.register(Plan)
class PlanAdmin(OwnCityAdmin):
    main_fields = ("in_force",)
    list_display = ("__str__", "in_force", "is_published")
    search_fields = ("name",)


@admin.register(Point)
class PointAdmin(OwnCityAdmin):
    main_fields = ("plan", "number")
    list_display = ("number", "__str__", "plan", "is_published")
    list_display_links = ("__str__",)
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("title", "short_title", "objective")
    ordering = ("plan", "number")


@admin.register(SuggestedAction)
class SuggestedActionAdmin(OwnCityAdmin):
    main_fields = ("point", "order")
    list_display = ("__str__", "point", "order", "is_published")
    list_filter = ("point",)
    list_select_related = ("point",)
    search_fields = ("text", "point")
    ordering = ("point__number", "order")


@admin.register(Ground)
@admin.register(TargetGroup)
class ListAdmin(OwnCityAdmin):
    """A reference list that everybody chooses from."""

    main_fields = ("slug", "order")
    list_display = ("__str__", "slug", "order", "is_published")
    search_fields = ("slug", "name")
    ordering = ("order", "slug")
