"""The log of changes: who, when, in which request, field by field before and after in every
language."""

from auditlog.registry import auditlog
from django.apps import apps

from languages.text import translated_fields
from members.models import ExpressionOfInterest, Owned

# Never written to the log: a hash is of no use there, and a password's less than none.
SECRETS = {"password", "token_hash", "last_login"}
# What a letter to the office says about a person: the row forgets it in time, and so must the log.
PERSONAL = {"members.expressionofinterest": set(ExpressionOfInterest.PERSONAL)}
# Counted by the portal itself at each save.
BOOKKEEPING = {"version"}
# A letter is its own record, with the times of its steps, and may hold somebody's link; a draft
# that was thrown away is gone, and the log must not keep it.
NOT_LOGGED = {"members.letter", "members.draft"}


def register() -> None:
    """Log every model of the network. Base columns of translated fields are left out: their
    languages are logged."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    models = [model for model in owned if model._meta.label_lower not in NOT_LOGGED]
    for model in [*models, apps.get_model("members.user")]:
        if not auditlog.contains(model):
            personal = PERSONAL.get(model._meta.label_lower, set())
            many = {field.name for field in model._meta.many_to_many}
            names = {field.name for field in model._meta.get_fields()}
            hidden = (SECRETS | BOOKKEEPING | set(translated_fields(model)) | personal) & names
            auditlog.register(model, exclude_fields=sorted(hidden), m2m_fields=many)
