"""Which migrations the release before could not live with, or which lock a table for too long.

During an upgrade some nodes still run the release before. So a release expands the tables, and a
later one contracts them; a migration that contracts says since which release nothing needs what it
takes away:

    class Migration(migrations.Migration):
        unused_since = "0.2.0"
"""

from collections.abc import Iterator

from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_REMOVES = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.AddConstraint,
    operations.AlterUniqueTogether,
)
_RENAMES = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
_CHANGES_TABLE = (operations.AddField, operations.AlterField, *_REMOVES, *_RENAMES)
_MOVES_DATA = (operations.RunPython, operations.RunSQL)


def faults_of(migration: Migration, state: ProjectState, release: str) -> list[str]:
    """A sentence for each; `state` is that before it, `release` the one it is part of."""
    faults = []
    created = set()
    for operation in _flat(migration.operations):
        if isinstance(operation, operations.CreateModel):
            created.add(operation.name_lower)
        elif _model_of(operation) not in created:
            faults += _faults(operation, migration, state)
        operation.state_forwards(migration.app_label, state)
    since = getattr(migration, "unused_since", None)
    if since and _number(since) >= _number(release):
        faults.append(f"unused_since is {since}, which is not before {release}")
    faults += _locks(migration)
    return [f"{migration.app_label}.{migration.name}: {fault}" for fault in faults]


def _flat(found: list[Operation]) -> Iterator[Operation]:
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _model_of(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None) or ""
    return str(name).lower()


def _faults(operation: Operation, migration: Migration, state: ProjectState) -> list[str]:
    what = operation.describe()
    if isinstance(operation, _RENAMES):
        return [f"{what}. Add the new one, write both, remove the old one in a later release."]
    if isinstance(operation, _REMOVES) and not hasattr(migration, "unused_since"):
        return [f"{what}. Say unused_since: the release whose code keeps to this already."]
    if isinstance(operation, operations.AddField) and _is_needed(operation.field):
        return [f"{what}. The release before writes no such column: null=True or db_default."]
    if isinstance(operation, operations.AlterField):
        return _narrowing(operation, migration, state)
    return []


def _is_needed(field: "models.Field") -> bool:
    """Whether a row cannot be written without naming this column."""
    has_column = field.get_internal_type() != "ManyToManyField"
    return has_column and not field.null and not field.has_db_default()


def _narrowing(
    operation: operations.AlterField, migration: Migration, state: ProjectState
) -> list[str]:
    model = state.models[migration.app_label, operation.model_name_lower]
    before, after = model.fields[operation.name], operation.field
    what = operation.describe()
    if before.null and _is_needed(after) and not hasattr(migration, "unused_since"):
        return [f"{what}. The release before writes NULL: say unused_since, or give a db_default."]
    kinds = before.get_internal_type(), after.get_internal_type()
    is_shorter = (after.max_length or 0) < (before.max_length or 0) and "CharField" in kinds
    if kinds[0] != kinds[1] and not _is_wider(before, after):
        return [f"{what}. Another type rewrites the table: add a new column."]
    if is_shorter and kinds[0] == kinds[1]:
        return [f"{what}. The release before writes longer texts."]
    if _target(before) != _target(after):
        return [f"{what}. The release before writes rows of another table: add a new column."]
    if after.unique and not before.unique and not hasattr(migration, "unused_since"):
        return [f"{what}. The release before writes one value twice: say unused_since."]
    return []


def _target(field: "models.Field") -> str:
    """Of a foreign key, as `app.model`."""
    return str(getattr(field.remote_field, "model", "")).lower()


def _is_wider(before: "models.Field", after: "models.Field") -> bool:
    """A type under another name: a CharField of ours, a text without limit."""
    types = {before.db_type(connection), after.db_type(connection)}
    return len(types) == 1 or after.db_type(connection) == "text"


def _locks(migration: Migration) -> list[str]:
    kinds = [type(operation) for operation in _flat(migration.operations)]
    changes = any(issubclass(kind, _CHANGES_TABLE) for kind in kinds)
    moves = any(issubclass(kind, _MOVES_DATA) for kind in kinds)
    if changes and moves and migration.atomic:
        return ["It changes a table and moves data in one transaction: two migrations."]
    return []


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))
