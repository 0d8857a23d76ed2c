"""Who visits when pages are measured or pictured: one agent of the demonstration per kind of person."""

from django.db.models import Count, Q

from collectivites.enums import Domaine, FamilleFonction
from collectivites.models import Agent, Poste


def of_family(family: str) -> Agent:
    postes = Poste.objects.in_force().filter(fonction__famille=family, agent__email__isnull=False)
    return postes.order_by("agent").first().agent


def accounts() -> dict[str, Agent]:
    in_office = Agent.objects.in_office().filter(email__isnull=False, is_active=True).order_by("pk")
    common = in_office.filter(is_superuser=False, groups=None)
    secretaries = Q(postes__fonction__famille=FamilleFonction.ADMINISTRATIF)
    return {
        "secretaire": common.annotate(communes=Count("postes", filter=secretaries)).order_by("-communes", "pk").first(),
        "technique": of_family(FamilleFonction.TECHNIQUE),
        "elue": of_family(FamilleFonction.ELUS),
        "responsable": in_office.filter(is_superuser=False, groups__name__in=Domaine.labels).first(),
        "administrateur": in_office.filter(is_superuser=True).first(),
    }
