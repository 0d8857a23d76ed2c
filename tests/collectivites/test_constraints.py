"""What must never be false is refused by the database itself, on both engines."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Value

from collectivites.diffusion import ELUS, EPCI, TOUTES, DiffusionField
from collectivites.enums import Signature
from collectivites.models import (
    Absence,
    Agent,
    Collectivite,
    Expertise,
    Habilitation,
    PlageOuverture,
    Poste,
    Presence,
    TypeHabilitation,
)
from extranet.lib.contraintes import refuse_on
from extranet.lib.demi_journees import Jour, Moment
from formations.models import FormationPage
from home.models import ActualitePage
from materiel.models import MaterielPage, ModeleConventionPage, ReglementPretPage
from notifications.models import Notification
from ressources.models import QuestionReponse, RessourcePage
from search.models import SearchAudience
from tests.collectivites.factories import (
    AdhesionFactory,
    AgentFactory,
    CollectiviteFactory,
    FonctionFactory,
    PosteFactory,
    ReseauFactory,
)
from tests.formations.factories import make_formation
from tests.home.factories import make_actualite
from tests.materiel.factories import make_materiel
from tests.notifications.factories import NotificationFactory
from tests.ressources.factories import make_ressource
from tests.ressources.questions.fabriques import make_question

D1, D2 = date(2026, 3, 1), date(2026, 3, 2)


class Broken(Exception):
    """The constraint that was expected broke."""


def absence(**fields: object) -> None:
    Absence.objects.create(**{"agent": AgentFactory(), "date_debut": D1, "date_fin": D2, **fields})


def absence_of_oneself() -> None:
    agent = AgentFactory()
    absence(agent=agent, remplacant=agent)


def same_poste_twice() -> None:
    poste = PosteFactory()
    PosteFactory(agent=poste.agent, collectivite=poste.collectivite, fonction=poste.fonction)


def second_epci() -> None:
    CollectiviteFactory(epci=True)
    CollectiviteFactory(epci=True, nom="Autre Val", slug="autre-val")


def presence(**fields: object) -> None:
    Presence.objects.create(**{"poste": PosteFactory(), "jour": Jour.LUNDI, "moment": Moment.MATIN, **fields})


def same_presence_twice() -> None:
    poste = PosteFactory()
    presence(poste=poste)
    presence(poste=poste)


def plage(**fields: object) -> None:
    row = {"collectivite": CollectiviteFactory(), "jour": Jour.LUNDI, "ouverture": time(9), "fermeture": time(12)}
    PlageOuverture.objects.create(**{**row, **fields})


def same_plage_twice() -> None:
    collectivite = CollectiviteFactory()
    plage(collectivite=collectivite)
    plage(collectivite=collectivite, fermeture=time(13))


def habilitation(**fields: object) -> None:
    kind = TypeHabilitation.objects.first()
    Habilitation.objects.create(**{"agent": AgentFactory(), "type": kind, "obtenue_le": D2, **fields})


def same_habilitation_twice() -> None:
    agent = AgentFactory()
    habilitation(agent=agent)
    habilitation(agent=agent)


def same_expertise_twice() -> None:
    agent = AgentFactory()
    for _ in range(2):
        Expertise.objects.create(agent=agent, libelle="Paie")


def member_twice() -> None:
    adhesion = AdhesionFactory()
    AdhesionFactory(reseau=adhesion.reseau, agent=adhesion.agent)


VIOLATIONS: dict[str, Callable[[], object]] = {
    "agent_email_en_minuscules": lambda: AgentFactory(email="Karim@essai.example"),
    "collectivite_population_millesimee": lambda: CollectiviteFactory(population_totale=100),
    "collectivite_coordonnees_completes": lambda: CollectiviteFactory(latitude=47.0),
    "collectivite_commune_avec_insee": lambda: CollectiviteFactory(insee=None),
    "collectivite_siren_de_9_chiffres": lambda: CollectiviteFactory(siren="abc"),
    "collectivite_epci_demeure": lambda: CollectiviteFactory(epci=True, date_sortie=D1),
    "collectivite_un_seul_epci": second_epci,
    "plageouverture_heures_dans_l_ordre": lambda: plage(fermeture=time(9)),
    "plageouverture_unique": same_plage_twice,
    "poste_dates_dans_l_ordre": lambda: PosteFactory(date_debut=D2, date_fin=D1),
    "poste_unique_en_cours": same_poste_twice,
    "poste_signataire_connu": lambda: PosteFactory(signataire="adjoint"),
    "poste_delegation_datee": lambda: PosteFactory(signataire=Signature.DELEGATION, delegation_date=D1),
    "poste_heures_plausibles": lambda: PosteFactory(heures_hebdo=48.5),
    "presence_unique": same_presence_twice,
    "presence_heures_dans_l_ordre": lambda: presence(heure_debut=time(9), heure_fin=None),
    "absence_dates_dans_l_ordre": lambda: absence(date_fin=date(2026, 2, 28)),
    "absence_remplacant_autre": absence_of_oneself,
    "habilitation_dates_dans_l_ordre": lambda: habilitation(valable_jusqu_au=D1),
    "habilitation_unique": same_habilitation_twice,
    "expertise_unique": same_expertise_twice,
    "adhesion_dates_dans_l_ordre": lambda: AdhesionFactory(date_debut=D2, date_fin=D1),
    "adhesion_unique_en_cours": member_twice,
}


def test_every_constraint_has_its_violation() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("collectivites").get_models()
        for constraint in model._meta.constraints
    }
    assert named == set(VIOLATIONS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(Broken), refuse_on({name: name}, Broken):
        VIOLATIONS[name]()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Agent, {"email": ""}),
        (Absence, {"date_debut": D1, "moment_debut": Moment.APRES_MIDI, "date_fin": D1, "moment_fin": Moment.MATIN}),
        (Presence, {"heure_debut": time(12), "heure_fin": time(9)}),
        (Collectivite, {"latitude": 91, "longitude": 5}),
        (Collectivite, {"siren": ""}),
        (Collectivite, {"siren": "2139023 1"}),
        (Collectivite, {"siren": "12345678"}),
        (Poste, {"heures_hebdo": 0}),
        (Poste, {"signataire": Signature.DELEGATION, "delegation_reference": "arrêté n° 12"}),
    ],
)
def test_other_sides_of_the_same_constraints(model: type[models.Model], fields: dict) -> None:
    make = {Agent: AgentFactory, Absence: absence, Presence: presence, Collectivite: CollectiviteFactory}
    with pytest.raises(IntegrityError), transaction.atomic():
        make.get(model, PosteFactory)(**fields)


@pytest.mark.django_db
def test_what_looks_like_a_violation_and_is_none() -> None:
    """A half-day of absence, the same fonction again after it ended, two agents without address, a place at 0, 0."""
    absence(date_debut=D1, date_fin=D1, moment_debut=Moment.MATIN, moment_fin=Moment.MATIN)
    poste = PosteFactory(date_fin=D1)
    PosteFactory(agent=poste.agent, collectivite=poste.collectivite, fonction=poste.fonction, date_debut=D2)
    PosteFactory(agent=poste.agent, collectivite=poste.collectivite, fonction=FonctionFactory(code="autre"))
    AgentFactory(email=None)
    AgentFactory(email=None)
    CollectiviteFactory(latitude=0, longitude=0)
    CollectiviteFactory(population_totale=90, population_municipale=100, population_annee=2026)
    adhesion = AdhesionFactory(reseau=ReseauFactory(), date_fin=D1)
    AdhesionFactory(reseau=adhesion.reseau, agent=adhesion.agent, date_debut=D2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        TOUTES,
        {TOUTES: True},
        1,
        None,
        Value(None, models.JSONField()),
        [[TOUTES], 1],
        [[TOUTES]],
        [1],
        [TOUTES, None],
        [TOUTES, 1, ELUS],
        [TOUTES, {"k": ELUS}],
        [TOUTES, [ELUS]],
    ],
)
def test_a_diffusion_is_a_list_of_codes_in_every_table(wrong: object) -> None:
    """In the text « toutes », each letter would be read as a code; no number and no list is one."""
    page = make_actualite(CollectiviteFactory(), diffusion=[TOUTES])
    told = NotificationFactory(diffusion=[TOUTES])
    audience = SearchAudience.objects.for_all([[EPCI]])[0]
    sheet = make_ressource()
    thing = make_materiel()
    rows = {ActualitePage: page.pk, Notification: told.pk, RessourcePage: sheet.pk, SearchAudience: audience.pk}
    rows[MaterielPage] = thing.page_id
    rows[FormationPage] = make_formation().pk
    rows[QuestionReponse] = make_question().pk
    rows |= {
        model: model.objects.values_list("pk", flat=True).first() for model in (ModeleConventionPage, ReglementPretPage)
    }
    columns = {
        model: field.name
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, DiffusionField)
    }
    assert set(columns) == set(rows)
    for model, pk in rows.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**{columns[model]: wrong})
        for right in ([], [TOUTES], [TOUTES, ELUS, "c:12", "r:3"]):
            model.objects.filter(pk=pk).update(**{columns[model]: right})
