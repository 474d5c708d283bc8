"""The migrations of an archive, and the models as they were then."""

import tomllib
from importlib import metadata

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.backup.faults import BackupFault, DamagedBackup
from portal.backup.rows import StoredTable

Node = tuple[str, str]
PACKAGE = "ten-points"


def release() -> str:
    """The version of this code."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])


def applied_migrations() -> list[Node]:
    """Those of the database; all of this release must be among them."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise BackupFault(
            f"{len(pending)} migrations are not applied: run manage.py migrate first."
        )
    known = executor.loader.graph.nodes
    return sorted(node for node in executor.loader.applied_migrations if node in known)


def refuse_unknown(nodes: list[Node]) -> None:
    """An archive of a newer release has migrations that this code does not know."""
    known = MigrationExecutor(connection).loader.graph.nodes
    unknown = [f"{app}.{name}" for app, name in nodes if (app, name) not in known]
    if unknown:
        raise BackupFault(
            f"The backup comes from a newer release: {unknown[0]} is not known here. Install that "
            "release, then restore."
        )


def migrate_to(nodes: list[Node]) -> list[StoredTable]:
    """Bring the empty database to the state of the archive; the tables of that state."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    wanted = set(nodes)
    targets = [
        node
        for node in nodes
        if not any(child.key in wanted for child in graph.node_map[node].children)
    ]
    executor.migrate(targets)
    state = MigrationExecutor(connection).loader.applied_migrations
    if set(state) != wanted:
        raise DamagedBackup("its list of migrations is not consistent")
    return tables_of(nodes)


def tables_of(nodes: list[Node]) -> list[StoredTable]:
    """Every table of the portal and its libraries after these migrations."""
    loader = MigrationExecutor(connection).loader
    models = loader.project_state(nodes).apps.get_models(include_auto_created=True)
    tables = [
        StoredTable(model)
        for model in models
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    return sorted(tables, key=lambda table: table.name)
