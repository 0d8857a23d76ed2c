"""The fixed cast of the tests: who everybody is, in two communes A and B and their intercommunalité."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from collectivites.enums import Domaine, FamilleFonction, Signature
from collectivites.models import Agent, Collectivite
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, FonctionFactory, PosteFactory
from tests.collectivites.indexation import indexed_at_once


@dataclass
class Distribution:
    """Every role of the access matrix; `anonyme` is None."""

    a: Collectivite
    b: Collectivite
    epci: Collectivite
    gestionnaire_a: Agent
    secretaire_a: Agent
    agent_a: Agent
    secretaire_b: Agent
    elue_b: Agent
    partage_ab: Agent
    responsable: Agent
    administrateur: Agent
    sans_poste: Agent
    anonyme: None = None

    def roles(self) -> dict[str, Agent | None]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"a", "b", "epci"}}


def _agent(prenom: str, nom: str, **extra: object) -> Agent:
    slug = f"{prenom}-{nom}".lower()
    return AgentFactory(
        prenom=prenom, nom=nom, slug=slug, email=f"{slug}@essai.example", notice_vue_le=timezone.now(), **extra
    )


def make_distribution() -> Distribution:
    """Makes the cast: two communes, one EPCI, ten people. Needs what `installer` makes (groups)."""
    with indexed_at_once():
        return _make()


def _make() -> Distribution:
    epci = CollectiviteFactory(epci=True)
    a = CollectiviteFactory(nom="Aval", slug="aval", insee="99001", rattachement=epci)
    b = CollectiviteFactory(nom="Bourg", slug="bourg", insee="99002", rattachement=epci)
    secretaire = FonctionFactory(code="essai-secretaire")
    technique = FonctionFactory(code="essai-technique", famille=FamilleFonction.TECHNIQUE)
    elue = FonctionFactory(code="essai-maire", famille=FamilleFonction.ELUS)
    cast = Distribution(
        a=a,
        b=b,
        epci=epci,
        gestionnaire_a=_agent("Gisele", "Aval"),
        secretaire_a=_agent("Sylvie", "Aval"),
        agent_a=_agent("Alain", "Aval"),
        secretaire_b=_agent("Simone", "Bourg"),
        elue_b=_agent("Elise", "Bourg"),
        partage_ab=_agent("Paul", "Deux"),
        responsable=_agent("Rachel", "Agglo"),
        administrateur=_agent("Armand", "Agglo", is_superuser=True),
        sans_poste=_agent("Sans", "Poste"),
    )
    PosteFactory(agent=cast.gestionnaire_a, collectivite=a, fonction=secretaire, gestionnaire=True)
    PosteFactory(agent=cast.secretaire_a, collectivite=a, fonction=secretaire)
    PosteFactory(agent=cast.agent_a, collectivite=a, fonction=technique)
    PosteFactory(agent=cast.secretaire_b, collectivite=b, fonction=secretaire, gestionnaire=True)
    PosteFactory(agent=cast.elue_b, collectivite=b, fonction=elue, signataire=Signature.DE_DROIT)
    PosteFactory(agent=cast.partage_ab, collectivite=a, fonction=technique, heures_hebdo=20)
    PosteFactory(agent=cast.partage_ab, collectivite=b, fonction=technique, heures_hebdo=10)
    PosteFactory(agent=cast.responsable, collectivite=epci, fonction=secretaire)
    PosteFactory(agent=cast.administrateur, collectivite=epci, fonction=secretaire)
    yesterday = timezone.localdate() - timedelta(days=1)
    PosteFactory(
        agent=cast.sans_poste, collectivite=a, fonction=technique, date_debut=date(2020, 1, 1), date_fin=yesterday
    )
    cast.responsable.groups.set(
        Group.objects.filter(name__in=Domaine.labels).exclude(name=Domaine.ADMINISTRATION.label)
    )
    return cast
