"""Loans at each step of their contract, made without the acts of asking and answering."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.demi_journees import DemiJournee
from materiel.constats.passation import Donnees, Vu, hand_over, take_back
from materiel.enums import BaseLegale, Cote, EtatElement, Mode, Nature, StatutPret, TypeConvention
from materiel.models import Constat, Convention, Engagement, Materiel, Pret, ReglagesMateriel, Signature, Unite
from materiel.registre import now_index, take
from materiel.registre.regles import blocked
from tests.collectivites.factories import PosteFactory
from tests.distribution import Distribution
from tests.materiel.factories import PretFactory, make_materiel


def today() -> date:
    return timezone.localdate()


def set_rules(**rules: object) -> None:
    settings = ReglagesMateriel.load()
    for name, value in rules.items():
        setattr(settings, name, value)
    settings.save()


def give(agent: Agent, place: Collectivite, **rights: object) -> Poste:
    """These rights on the poste that one has there, or on a new one."""
    poste = agent.postes.filter(collectivite=place).first() or PosteFactory(agent=agent, collectivite=place)
    for name, value in rights.items():
        setattr(poste, name, value)
    poste.save()
    vars(agent).pop("postes_en_cours", None)
    return poste


def give_roles(cast: Distribution) -> None:
    """Aval lends and Bourg borrows: each has who signs and who holds the états des lieux."""
    give(cast.agent_a, cast.a, constats=True, mobile="0199001011")
    give(cast.secretaire_b, cast.b, constats=True)
    give(
        cast.secretaire_a,
        cast.a,
        signataire=Pouvoir.DELEGATION,
        delegation_date=date(2026, 4, 3),
        delegation_reference="arrêté n° 2026-31",
    )


def granted(materiel: Materiel, emprunteur: Collectivite, **fields: object) -> Pret:
    """A loan granted from today to the day after tomorrow, whose units are taken."""
    fields = {"date_debut": today(), "date_fin": today() + timedelta(days=2), **fields}
    pret = PretFactory(
        materiel=materiel,
        emprunteur=emprunteur,
        statut=StatutPret.ACCEPTE,
        accepte_le=timezone.now() - timedelta(days=1),
        **fields,
    )
    first, last = blocked(materiel, pret.debut, pret.fin)
    take(Engagement(materiel=materiel, nature=Nature.PRET, pret=pret, quantite=pret.quantite, debut=first, fin=last))
    return pret


def signed(pret: Pret, agent: Agent, **fields: object) -> Convention:
    """A convention of this loan, signed by both, without its text: `covering` asks no more."""
    convention = Convention.objects.create(
        **{
            "numero": pret.numero,
            "base_legale": BaseLegale.COMMUNE_COMMUNE,
            "preteur": pret.preteur,
            "emprunteur": pret.emprunteur,
            "pret": pret,
            "materiel": pret.materiel,
            "avec_conducteur": pret.avec_conducteur,
            "quantite": pret.quantite,
            "valable_du": pret.date_debut,
            "valable_au": pret.date_fin,
            "sha256": "0" * 64,
            "file": ContentFile(b"%PDF-1.7", "convention.pdf"),
            "signee_le": timezone.now(),
            **fields,
        }
    )
    for cote in Cote:
        Signature.objects.create(
            convention=convention,
            cote=cote,
            agent=agent,
            nom="Quelqu’un",
            qualite="maire",
            sha256=convention.sha256,
            signee_le=timezone.now(),
        )
    return convention


def frame(preteur: Collectivite, emprunteur: Collectivite, agent: Agent, **fields: object) -> Convention:
    return Convention.objects.create(
        **{
            "type": TypeConvention.CADRE,
            "numero": f"{today().year}-C-1",
            "base_legale": BaseLegale.COMMUNE_COMMUNE,
            "preteur": preteur,
            "emprunteur": emprunteur,
            "valable_du": today() - timedelta(days=30),
            "valable_au": today() + timedelta(days=300),
            "sha256": "0" * 64,
            "file": ContentFile(b"%PDF-1.7", "cadre.pdf"),
            "signee_le": timezone.now(),
            "preparee_par": agent,
            **fields,
        }
    )


def seen(quantite: int = 1, **more: object) -> Donnees:
    return Donnees(
        **{
            "quantite": quantite,
            "nom_preteur": "Alain Aval",
            "nom_emprunteur": "Simone Bourg",
            "elements": (Vu("Godets", EtatElement.BON, prevu=3, vu=3), Vu("Chenilles", EtatElement.BON)),
            **more,
        }
    )


def out(materiel: Materiel, emprunteur: Collectivite, agent: Agent, **fields: object) -> Pret:
    """A loan handed over."""
    pret = granted(materiel, emprunteur, **fields)
    signed(pret, agent)
    units = tuple(materiel.numeros.all()[: pret.quantite]) if materiel.mode == Mode.PARC else ()
    hand_over(pret, agent, seen(pret.quantite, unites=units))
    return Pret.objects.get(pk=pret.pk)


def fleet(count: int = 3, **fields: object) -> Materiel:
    materiel = make_materiel("Débroussailleuses", stock=count, mode=Mode.PARC, **fields)
    for number in range(1, count + 1):
        Unite.objects.create(materiel=materiel, numero=str(number))
    return materiel


def make_late(pret: Pret, days: int = 2) -> None:
    """As if its end had come `days` ago: the ledger never writes the past."""
    last = DemiJournee.at(now_index() - 2 * days)
    Pret.objects.filter(pk=pret.pk).update(
        date_debut=last.date - timedelta(days=2), date_fin=last.date, moment_fin=last.moment
    )
    pret.refresh_from_db()


def only(pret: Pret) -> Constat:
    return pret.constats.get()


def lent_and_lost(cast: Distribution) -> Pret:
    """A loan of Aval to Bourg, with a photo of its hand-over; it did not come back."""
    pret = granted(make_materiel("Sonorisation", collectivite=cast.a), cast.b)
    signed(pret, cast.elue_b)
    hand_over(pret, cast.agent_a, seen(photos=(ContentFile(b"\xff\xd8\xff", "vue.jpg"),)))
    take_back(pret, cast.agent_a, seen(0, perdue=1))
    return pret
