"""The log of changes: who, when, in which request, field by field before and after in every language."""

from auditlog.registry import auditlog
from django.apps import apps

from languages.text import translated_fields
from members.models import Owned

# Never written to the log: a hash is of no use there, and a password's less than none.
SECRETS = {"password", "token_hash", "last_login"}
# Counted by the portal itself at each save.
BOOKKEEPING = {"version"}
# A draft that was thrown away is gone: the log must not keep it.
NOT_LOGGED = {"members.draft"}


def register() -> None:
    """Log every model of the network. Base columns of translated fields are left out: their languages are logged."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    models = [model for model in owned if model._meta.label_lower not in NOT_LOGGED]
    for model in [*models, apps.get_model("members.user")]:
        if not auditlog.contains(model):
            many = {field.name for field in model._meta.many_to_many}
            names = {field.name for field in model._meta.get_fields()}
            hidden = (SECRETS | BOOKKEEPING | set(translated_fields(model))) & names
            auditlog.register(model, exclude_fields=sorted(hidden), m2m_fields=many)
