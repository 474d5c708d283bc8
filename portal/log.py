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
# Counted or built by the portal itself at each save.
BOOKKEEPING = {"version", "distinguished_by", "distinction"}
# A letter is its own record, with the times of its steps, and may hold somebody's link; a draft
# that was thrown away is gone, and the log must not keep it.
NOT_LOGGED = {"members.letter", "members.draft"}


def register() -> None:
    """Log every model of the network."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    user = apps.get_model("members.user")
    for model in [*owned, user]:
        meta = model._meta
        if meta.label_lower in NOT_LOGGED or auditlog.contains(model):
            continue
        left_out = fields_left_out(model)
        auditlog.register(
            model,
            exclude_fields=sorted(left_out),
            m2m_fields={field.name for field in meta.many_to_many},
        )


def fields_left_out(model: type[models.Model]) -> set[str]:
    """What the log does not keep of a model. Of a translated field it keeps the languages, and not
    the column without a language."""
    meta = model._meta
    personal = PERSONAL.get(meta.label_lower, set())
    hidden = SECRETS | BOOKKEEPING | personal
    hidden.update(translated_fields(model))
    names = {field.name for field in meta.get_fields()}
    return names & hidden
