"""Things, lots and loans of the tests."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Mode, Nature
from materiel.models import Categorie, Engagement, Materiel, MaterielPage, MaterielsPage, Pret
from materiel.registre import take
from tests.collectivites.factories import AgentFactory, CollectiviteFactory


def monday(weeks: int = 2) -> date:
    """A Monday to come: half-days of tests never fall on today’s."""
    today = timezone.localdate()
    return today + timedelta(days=7 * weeks - today.weekday())


def half(day: date, moment: Moment = Moment.MATIN) -> int:
    return DemiJournee(day, moment).index


def board() -> MaterielsPage:
    return MaterielsPage.objects.get()


def make_materiel(
    titre: str = "Mini-pelle 2,5 t",
    *,
    collectivite: Collectivite | None = None,
    stock: int = 1,
    diffusion: list[str] | None = None,
    publie: bool = True,
    **fields: object,
) -> Materiel:
    """A published sheet and its thing; without notice nor shortest length, unless asked."""
    page = MaterielPage(title=titre, diffusion=diffusion or [TOUTES], live=publie)
    page.accroche = fields.pop("accroche", "")
    if publie:
        page.first_published_at = page.last_published_at = timezone.now()
    board().add_child(instance=page)
    fields.setdefault("categorie", Categorie.objects.get(code=fields.pop("categorie_code", "voirie")))
    fields.setdefault("mode", Mode.UNIQUE if stock <= 1 else Mode.LOT)
    fields = {"preavis_jours": 0, "duree_max_jours": 30, **fields}
    return Materiel.objects.create(page=page, collectivite=collectivite or CollectiviteFactory(), stock=stock, **fields)


class EngagementFactory(DjangoModelFactory):
    """Kept by its owner, two whole days; taken on the ledger."""

    class Meta:
        model = Engagement

    materiel = factory.LazyFunction(make_materiel)
    nature = Nature.USAGE
    quantite = 1
    debut = factory.LazyFunction(lambda: half(monday()))
    fin = factory.LazyAttribute(lambda one: one.debut + 3)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return take(model_class(*args, **kwargs))


class PretFactory(DjangoModelFactory):
    """Asked for two days; nothing is taken yet."""

    class Meta:
        model = Pret

    numero = factory.Sequence(lambda n: f"2020-{n + 1}")
    materiel = factory.LazyFunction(make_materiel)
    preteur = factory.LazyAttribute(lambda pret: pret.materiel.collectivite)
    emprunteur = factory.SubFactory(CollectiviteFactory)
    demandeur: Agent = factory.SubFactory(AgentFactory)
    quantite = 1
    quantite_demandee = factory.SelfAttribute("quantite")
    date_debut = factory.LazyFunction(monday)
    date_fin = factory.LazyAttribute(lambda pret: pret.date_debut + timedelta(days=1))
    usage = "Curage du fossé, chemin des Vignes"
