"""What `manage.py check --deploy` says of the settings besides what Django says."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from portal.accessibility import POLAND

# What the accessibility statement says "not given" of; the law asks for all of it.
NEEDED = ("OPERATOR", "OPERATOR_COUNTRY", "PUBLISHED_ON")


@register(Tags.security, deploy=True)
def check_statement(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One warning that names every setting that the accessibility statement lacks."""
    needed = [*NEEDED, "OPERATOR_PHONE" if settings.OPERATOR_COUNTRY == POLAND else ""]
    missing = [name for name in needed if name and not getattr(settings, name)]
    if not missing:
        return []
    return [
        Warning(
            f"The accessibility statement is not complete: {', '.join(missing)} not set.",
            hint="`.env.example` says what each of them is.",
            id="portal.W001",
        )
    ]
