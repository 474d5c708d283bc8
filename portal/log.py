"""The log of changes: who, when, in which request, field by field before and after in every
language."""

from auditlog.registry import auditlog
from django.apps import apps
from django.db import models

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
    """Log every model of the network."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    for model in [*owned, apps.get_model("members.user")]:
        label = model._meta.label_lower
        if label not in NOT_LOGGED and not auditlog.contains(model):
            relations = {field.name for field in model._meta.many_to_many}
            left_out = sorted(fields_left_out(model))
            auditlog.register(model, exclude_fields=left_out, m2m_fields=relations)


def fields_left_out(model: type[models.Model]) -> set[str]:
    """What the log does not keep of a model. Of a translated field it keeps the languages, and not
    the column without a language."""
    hidden = SECRETS | BOOKKEEPING
    hidden |= PERSONAL.get(model._meta.label_lower, set())
    hidden |= set(translated_fields(model))
    names = {field.name for field in model._meta.get_fields()}
    return names & hidden
