"""An empty database gets today's tables at once, not the whole history of how they came to be.

Replaying every migration renders the models of all apps again for each step, which takes longer
than the tables themselves. Both ways give the same tables: `tests/kernel/test_fresh.py` compares
them, so that what migrations do to an old database stays what a new one starts with.
"""

from __future__ import annotations

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pifa.kernel.append_only import AppendOnly
from pifa.kernel.roomy import Roomy


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database holds no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def lay_out(connection: BaseDatabaseWrapper, *, verbosity: int = 0) -> None:
    """Make every table of the installed apps in an empty database, and call all migrations applied.

    In one transaction: a database that was interrupted is empty still.
    """
    alias = connection.alias
    connection.prepare_database()
    loader = MigrationLoader(connection)
    emit_pre_migrate_signal(verbosity, False, alias)
    recorder = MigrationRecorder(connection)
    tables = loader.project_state().apps
    with connection.schema_editor(atomic=True) as editor:
        editor.create_model(recorder.Migration)
        for model in tables.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for label, name in loader.graph.nodes:
            recorder.record_applied(label, name)
        for step in _beside_models(loader).values():
            step.code(tables, editor)
    emit_post_migrate_signal(verbosity, False, alias)


def _beside_models(loader: MigrationLoader) -> dict[tuple[type, str], AppendOnly | Roomy]:
    """What belongs to tables and is in no model, the latest of each kind for each table: a migration
    may lift a guard meanwhile."""
    return {
        (type(operation), operation.table): operation
        for key in loader.graph.nodes
        for operation in loader.get_migration(*key).operations
        if isinstance(operation, AppendOnly | Roomy)
    }
