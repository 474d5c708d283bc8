from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import checks as checks  # noqa: PLC0415
        from portal import log, sentry, signals  # noqa: PLC0415 - models are there only now

        signals.connect()
        log.register()
        if settings.SENTRY_DSN:
            sentry.start(settings.SENTRY_DSN)


class AdminConfig(admin_apps.AdminConfig):
    """Makes the portal's own site the one that apps register with."""

    default = False
    default_site = "portal.staff_site.StaffSite"
