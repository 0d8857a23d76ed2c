"""Needs: posted, told once to the owners of something that fits and is free, answered by a thing or by a word."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Domaine
from collectivites.journal import record
from extranet.lib.apports import Sorte
from extranet.lib.demi_journees import DemiJournee
from extranet.lib.typographie import space
from materiel import annonces
from materiel.enums import EN_ATTENTE, Cote, StatutBesoin, StatutPret, Transport
from materiel.models import (
    Besoin,
    Categorie,
    Materiel,
    Pret,
    Proposition,
    ReglagesMateriel,
    ReglementPretPage,
    ReponseBesoin,
)
from materiel.mots import entre_guillemets
from materiel.passages import move
from materiel.prets.alternatives import kilometres
from materiel.prets.attente import answer_before, hold
from materiel.prets.demandes import next_number
from materiel.prets.reponses import check_still_lendable
from materiel.refus import PretRefuse
from materiel.registre import lock
from materiel.registre.disponibilite import Disponibilite, availability, only_free
from materiel.registre.regles import DUREE, PART, PREAVIS, blocked, imposed, obstacle_of_dates
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


A_AIDER, REPONSE = "besoin_a_aider", "besoin_reponse"
# A need just posted may still be closed by who made a mistake, before anybody is told.
REFLEXION = timedelta(minutes=5)


def manages_somewhere(agent: "Agent") -> bool:
    return any(poste.gestionnaire for poste in agent.postes_en_cours)


SORTES = [
    Sorte(
        A_AIDER,
        "materiel",
        "Besoin d’une commune voisine",
        "Une commune cherche un matériel que la vôtre a de libre.",
        pour=manages_somewhere,
    ),
    Sorte(
        REPONSE,
        "materiel",
        "Réponse à votre besoin",
        "Une commune vous écrit au sujet de ce que vous cherchez.",
        pour=manages_somewhere,
    ),
]


@dataclass(frozen=True)
class Aide:
    """A thing that would do: how many of it are free, how far (kilometres « à vol d’oiseau »), and what hinders it."""

    materiel: Materiel
    libre: int
    km: int | None
    empeche: str = ""


@transaction.atomic
def publish(
    agent: "Agent",
    collectivite: "Collectivite",
    *,
    objet: str,
    categorie: Categorie,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int = 1,
    occasion: str = "",
) -> Besoin:
    """Pinned on the board at once; `announce` tells the owners. Raises PretRefuse for days gone or too far."""
    wrong = obstacle_of_dates(debut, fin, timezone.localdate())
    if wrong:
        raise PretRefuse(wrong.phrase)
    besoin = Besoin(
        collectivite=collectivite,
        auteur=agent,
        categorie=categorie,
        objet=objet,
        quantite=quantite,
        occasion=occasion,
        **Besoin.between(debut, fin),
    )
    besoin.full_clean(exclude=["collectivite", "auteur", "categorie"])
    besoin.save()
    record("besoin.publie", besoin, agent=agent, collectivite=collectivite, periode=besoin.periode)
    return besoin


@transaction.atomic
def close(besoin: Besoin, agent: "Agent") -> None:
    """No longer looked for. What was offered and is not answered yet stays to be answered. Raises PretRefuse."""
    besoin = _locked(besoin)
    besoin.statut, besoin.clos_le = StatutBesoin.CLOS, timezone.now()
    besoin.save(update_fields=["statut", "clos_le"])
    record("besoin.clos", besoin, agent=agent, collectivite=besoin.collectivite)


def _locked(besoin: Besoin) -> Besoin:
    found = Besoin.objects.select_for_update(no_key=True, of=("self",))
    found = found.select_related("collectivite", "auteur", "categorie")
    besoin = found.get(pk=besoin.pk)
    if besoin.statut != StatutBesoin.OUVERT or besoin.date_fin < timezone.localdate():
        raise PretRefuse("Ce besoin n’attend plus de réponse : il est pourvu, clos ou passé.")
    return besoin


def fitting(besoin: Besoin) -> list[Aide]:
    """The things of its category that its author may see, free on all its days, near enough, the nearest first.

    One unit is enough to help; the papers and the buffers are those of any loan. Of a place without coordinates nobody
    knows how far it is: it is asked too.
    """
    rayon = ReglagesMateriel.load().rayon_besoins
    things = Materiel.objects.visible_to(besoin.auteur).filter(categorie=besoin.categorie)
    things = things.exclude(collectivite=besoin.collectivite).for_list()
    free = list(only_free(things, besoin.debut, besoin.fin, 1))
    known, found = availability(free, besoin.debut, besoin.fin, 1), []
    for one in free:
        km = kilometres(besoin.collectivite, one.collectivite)
        if km is None or km <= rayon:
            found.append(Aide(one, known[one.pk].libre, km))
    return sorted(found, key=lambda one: (one.km is None, one.km, one.materiel.pk))


def at_home(besoin: Besoin, collectivite: "Collectivite") -> list[Aide]:
    """What this collectivité lends of its category, or of any when it has none: first what is free on all its days,
    then what is not, with the reason.
    """
    things = Materiel.objects.lendable().filter(collectivite=collectivite, page__live=True).order_by("pk")
    if besoin.categorie_id:
        things = things.filter(categorie=besoin.categorie_id)
    known = availability(things.for_list(), besoin.debut, besoin.fin, 1)
    found = [Aide(one, known[one.pk].libre, 0, _why(known[one.pk])) for one in things.for_list()]
    return sorted(found, key=lambda one: bool(one.empeche))


def _why(dispo: Disponibilite) -> str:
    """Its owner may waive what it asks of others: notice, length, share."""
    against = [one.phrase for one in dispo.obstacles if one.code not in (DUREE, PREAVIS, PART)]
    return " ".join(against) if against or dispo.libre else "Déjà pris ces jours-là."


def announce_pending() -> int:
    """Tells, once, the gestionnaires of those that have something that fits. Returns how many needs were told."""
    ripe = Besoin.objects.open().filter(annonce_le=None, created_at__lte=timezone.now() - REFLEXION)
    told = 0
    for pk in ripe.values_list("pk", flat=True):
        with transaction.atomic():
            mine = Besoin.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, annonce_le=None)
            for besoin in mine.select_related("collectivite", "auteur", "categorie"):
                announce(besoin)
                told += 1
    return told


def announce(besoin: Besoin) -> None:
    """Inside a transaction that holds it."""
    besoin.annonce_le = timezone.now()
    besoin.save(update_fields=["annonce_le"])
    owners: dict[Collectivite, list[Aide]] = {}
    for aide in fitting(besoin):
        owners.setdefault(aide.materiel.collectivite, []).append(aide)
    for place, aides in owners.items():
        names = ", ".join(entre_guillemets(one.materiel.nom) for one in aides[:3])
        notify(
            annonces.keepers(place),
            A_AIDER,
            space(f"{besoin.collectivite.nom} cherche : {besoin.objet}, {besoin.periode}"),
            texte=space(f"{besoin.occasion} Libre chez vous ces jours-là : {names}.".strip()),
            url=reverse("materiel:besoin_repondre", args=[besoin.pk]),
            action="Nous pouvons aider",
            icone="megaphone",
            collectivite=place,
            objet=besoin,
            auteur=besoin.auteur,
            cle=f"besoin:{besoin.pk}:{place.pk}",
        )


@transaction.atomic
def offer(
    besoin: Besoin, agent: "Agent", collectivite: "Collectivite", materiel: Materiel, quantite: int, mot: str = ""
) -> Pret:
    """« Nous pouvons aider »: a loan to be confirmed by who seeks, its units held until then.

    Locked in the order of the loans: the number, the thing, the need. Raises PretRefuse, PlusAssez.
    """
    numero, materiel = next_number(), lock(materiel.pk)[materiel.pk]
    besoin = _locked(besoin)
    _check_offer(besoin, collectivite, materiel, quantite)
    limit = answer_before(besoin.date_debut, ReglagesMateriel.load().jours_reponse)
    pret = _loan(numero, besoin, materiel, quantite, limit)
    hold(pret, materiel, *blocked(materiel, besoin.debut, besoin.fin), quantite, limit)
    move(pret, StatutPret.PROPOSE, "propose", agent, Cote.PRETEUR, mot=mot, besoin=besoin.objet)
    proposition = Proposition.objects.create(
        pret=pret,
        cote=Cote.PRETEUR,
        auteur=agent,
        materiel=materiel,
        quantite=quantite,
        mot=mot,
        repondre_avant=limit,
        **Proposition.between(besoin.debut, besoin.fin),
    )
    ReponseBesoin.objects.create(
        besoin=besoin, collectivite=collectivite, auteur=agent, materiel=materiel, pret=pret, mot=mot
    )
    annonces.proposed(pret, proposition, agent)
    return pret


def _check_offer(besoin: Besoin, collectivite: "Collectivite", materiel: Materiel, quantite: int) -> None:
    if collectivite == besoin.collectivite:
        raise PretRefuse("C’est le besoin de votre commune : les autres y répondent.")
    if materiel.collectivite_id != collectivite.pk:
        raise PretRefuse("Proposez un matériel de votre commune : les autres répondent pour les leurs.")
    if not 1 <= quantite <= materiel.stock:
        raise PretRefuse(f"Vous en avez {materiel.stock} : proposez-en de 1 à {materiel.stock}.")
    if Pret.objects.filter(besoin=besoin, materiel=materiel, statut__in=EN_ATTENTE).exists():
        raise PretRefuse(f"« {materiel.nom} » lui est déjà proposé : la réponse arrivera dans vos notifications.")
    check_still_lendable(materiel, collectivite.pk, besoin.debut, besoin.fin)


def _loan(numero: str, besoin: Besoin, materiel: Materiel, quantite: int, limit: date) -> Pret:
    """Filled from the need. Posting it accepted the rules of the loans that were then online."""
    driven, transport = imposed(materiel, False, Transport.RETRAIT)
    pret = Pret(
        numero=numero,
        materiel=materiel,
        preteur=materiel.collectivite,
        emprunteur=besoin.collectivite,
        demandeur=besoin.auteur,
        quantite=quantite,
        quantite_demandee=quantite,
        usage=besoin.occasion[:200] or besoin.objet,
        avec_conducteur=driven,
        transport=transport,
        besoin=besoin,
        repondre_avant=limit,
        **Pret.between(besoin.debut, besoin.fin),
    )
    page = ReglementPretPage.objects.filter(live=True, last_published_at__lte=besoin.created_at).first()
    if page is not None:
        pret.reglement_accepte_le, pret.reglement_revision = besoin.created_at, page.live_revision_id
    pret.save()
    return pret


@transaction.atomic
def write(besoin: Besoin, agent: "Agent", collectivite: "Collectivite", mot: str) -> ReponseBesoin:
    """A word, read by who seeks. Raises PretRefuse."""
    besoin = _locked(besoin)
    if collectivite == besoin.collectivite:
        raise PretRefuse("C’est le besoin de votre commune : les autres y répondent.")
    reponse = ReponseBesoin(besoin=besoin, collectivite=collectivite, auteur=agent, mot=mot)
    reponse.full_clean(exclude=["besoin", "collectivite", "auteur"])
    reponse.save()
    record("besoin.repondu", besoin, agent=agent, collectivite=collectivite)
    notify(
        annonces.keepers(besoin.collectivite),
        REPONSE,
        space(f"{collectivite.nom} vous répond : {besoin.objet}"),
        texte=mot,
        url=f"{reverse('materiel:besoin_list')}#besoin-{besoin.pk}",
        action="Lire",
        icone="chat-square-text",
        collectivite=besoin.collectivite,
        objet=besoin,
        auteur=agent,
    )
    return reponse


def may_close(besoin: Besoin, agent: "Agent") -> bool:
    """The gestionnaires of who seeks, and the responsables of the lending."""
    return agent.manages(besoin.collectivite) or agent.answers_for(Domaine.MATERIEL)
