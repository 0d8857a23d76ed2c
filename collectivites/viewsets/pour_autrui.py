"""What one records for others, never for oneself: a network opens its documents, a habilitation allows an engine."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms.models import WagtailAdminModelForm

from collectivites.models import Agent
from collectivites.viewsets.base import SuppressionView


def why_not_oneself(actor: Agent, *agents: Agent | None) -> str:
    """Why `actor` may not write this row about `agents`, in words; empty when they may."""
    if actor.is_superuser or actor not in agents:
        return ""
    return (
        "On ne note rien ici pour soi\u00a0: cette ligne parle de vous-même. Demandez à une autre personne de l’équipe."
    )


class PourAutruiForm(WagtailAdminModelForm):
    """A row about an agent: neither about oneself now, nor before."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before = self.instance.agent if self.instance.pk else None
        if reason := why_not_oneself(self.for_user, cleaned.get("agent"), before):
            raise ValidationError(reason)
        return cleaned


class PourAutruiSuppressionView(SuppressionView):
    def reason_to_keep(self) -> str:
        return why_not_oneself(self.request.user, self.object.agent) or super().reason_to_keep()
