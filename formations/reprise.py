"""The seats, needs and wishes of a collectivité that another takes in."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from formations.enums import PROPOSEES, StatutLigne, StatutSession, StatutSouhait
from formations.models import (
    BesoinFormation,
    Interet,
    LienAgenda,
    RegleVisa,
    ReponseCampagne,
    SessionFormation,
    Souhait,
)
from formations.places.reunion import join_places

if TYPE_CHECKING:
    from collectivites.models import Collectivite

RESTENT = {
    "formations.mouvement.collectivite": "l’histoire d’une session ne change pas",
    "formations.sessioncommune.collectivite": "compte les places, par les déclencheurs",
    "formations.lienvisa.collectivite": "qui signait pour l’ancienne commune ne signe pas pour la nouvelle",
}


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """What is open or to come. Seats of finished sessions, and needs already answered, keep the name of before."""
    join_places(garde, retiree)
    to_come = Q(date_fin=None) | Q(date_fin__gte=timezone.localdate())
    sessions = SessionFormation.objects.filter(to_come, statut__in=(StatutSession.PROJET, *PROPOSEES))
    sessions.filter(lieu=retiree).update(lieu=garde)
    if not RegleVisa.objects.filter(collectivite=garde).exists():
        RegleVisa.objects.filter(collectivite=retiree).update(collectivite=garde)
    answered = Q(ligne__statut=StatutLigne.ECARTEE) | Q(ligne__session__isnull=False)
    BesoinFormation.objects.filter(collectivite=retiree).exclude(answered).update(collectivite=garde)
    done = ReponseCampagne.objects.filter(collectivite=garde).values_list("campagne", flat=True)
    ReponseCampagne.objects.filter(collectivite=retiree).exclude(campagne__in=list(done)).update(collectivite=garde)
    Interet.objects.filter(collectivite=retiree, souhait__statut=StatutSouhait.OUVERT).update(collectivite=garde)
    Souhait.objects.open().filter(collectivite=retiree).update(collectivite=garde)
    kept = LienAgenda.objects.filter(collectivite=garde, revoque_le=None).values_list("agent", flat=True)
    agendas = LienAgenda.objects.filter(collectivite=retiree, revoque_le=None)
    agendas.exclude(agent__in=list(kept)).update(collectivite=garde)
