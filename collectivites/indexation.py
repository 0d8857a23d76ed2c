"""What the entries of agents follow besides `save()`: forms set the roles of a poste after it is saved."""

from django.db.models.signals import m2m_changed

from collectivites.models import Poste
from extranet.lib.cherchable import reindex


def connect() -> None:
    m2m_changed.connect(_reindex_agent, sender=Poste.roles.through, dispatch_uid="reindex_agent")


def _reindex_agent(instance: object, action: str, **kwargs: object) -> None:
    if isinstance(instance, Poste) and action.startswith("post_"):
        reindex(instance.porteurs())
