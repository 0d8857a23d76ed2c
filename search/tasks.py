"""What runs behind the pages, in `veille`."""

from django_tasks import task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from collectivites.models import Agent
from search.reconstruction import rebuild


@task(backend="fond")
def rebuild_index(agent_id: int) -> int:
    """Asked by an administrator, from the state of the index."""
    return rebuild(by=Agent.objects.get(pk=agent_id))


def is_rebuilding() -> bool:
    """One waits or runs: a second one would only take its time."""
    pending = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return DBTaskResult.objects.filter(task_path=rebuild_index.module_path, status__in=pending).exists()
