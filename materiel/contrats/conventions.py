"""Conventions: prepared from the loan by its legal basis, or for a year of loans between two parties.

A convention never changes: another text is another convention, which replaces it. Its PDF is kept with its SHA-256.
"""

import hashlib
import logging
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Collectivite
from extranet.lib.contraintes import refuse_on
from extranet.lib.pdf import render
from extranet.lib.stockage import store
from materiel.annonces_contrat import ask_signature
from materiel.contrats.donnees_convention import is_priced, print_of_frame, print_of_loan
from materiel.enums import TENUS, BaseLegale, Cote, TypeConvention
from materiel.models import Convention, ModeleConventionPage, Numerotation, Pret, ReglagesMateriel
from materiel.passages import locked
from materiel.redaction import A_COMPLETER, ModeleIncorrect
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

logger = logging.getLogger(__name__)
DEJA = {"convention_une_par_pret": "Une convention vient d’être préparée pour ce prêt : ouvrez-la."}


def basis_of(preteur: Collectivite, emprunteur: Collectivite, *, avec_conducteur: bool, gratuit: bool) -> BaseLegale:
    """What it stands on, from who owns, who borrows and who drives."""
    if avec_conducteur:
        return BaseLegale.AVEC_CONDUCTEUR
    if preteur.is_epci:
        return BaseLegale.EPCI_COMMUNE
    if preteur.is_commune and emprunteur.is_commune or not gratuit:
        return BaseLegale.COMMUNE_COMMUNE
    return BaseLegale.PRET_USAGE


def basis_of_loan(pret: Pret) -> BaseLegale:
    return basis_of(pret.preteur, pret.emprunteur, avec_conducteur=pret.avec_conducteur, gratuit=not is_priced(pret))


def model_of(base: BaseLegale, *, cadre: bool) -> ModeleConventionPage:
    """The model that is online, the last published one if there are several. Raises PretRefuse without any."""
    pages = ModeleConventionPage.objects.online().filter(base_legale=base, cadre=cadre)
    page = pages.order_by("-last_published_at", "-pk").first()
    if page is None:
        raise PretRefuse(
            f"Aucun modèle de convention n’est en ligne pour ce cas : {base.label}. Demandez-le aux responsables du "
            "matériel."
        )
    return page


def current_of(pret: Pret) -> Convention | None:
    """The one that stands for this loan, signed or not."""
    return pret.conventions.filter(remplacee_par=None, resiliee_le=None).first()


@transaction.atomic
def prepare(pret: Pret, agent: "Agent | None") -> Convention:
    """The convention of this loan as it is now: the same one while it suits it, else a new one that replaces it.

    Raises PretRefuse when the loan is not granted, is under a frame, or has no model; redaction.ModeleIncorrect.
    """
    pret = locked(pret)
    if pret.statut not in TENUS:
        raise PretRefuse("La convention se prépare une fois le prêt accordé.")
    before = current_of(pret)
    if before is not None and before.suits(pret):
        return before
    frame = Convention.objects.covering(pret).filter(type=TypeConvention.CADRE).first()
    if frame is not None:
        raise PretRefuse(f"La convention-cadre n° {frame.numero} couvre déjà ce prêt : sa fiche d’une page suffit.")
    return _save(draft_of_loan(pret, _number_for(pret), agent), agent, replaces=before)


def draft_of_loan(pret: Pret, numero: str, agent: "Agent | None", *, le: date | None = None) -> Convention:
    """Not yet printed nor saved; `le` is the day of its preparation, today by default."""
    base = basis_of_loan(pret)
    return Convention(
        numero=numero,
        base_legale=base,
        avec_conducteur=pret.avec_conducteur,
        preteur=pret.preteur,
        emprunteur=pret.emprunteur,
        pret=pret,
        materiel=pret.materiel,
        quantite=pret.quantite,
        valable_du=pret.date_debut,
        valable_au=pret.date_fin,
        preparee_par=agent,
        donnees=print_of_loan(pret, numero, model_of(base, cadre=False), prepare_le=le),
    )


def prepare_in_turn(pret: Pret, agent: "Agent | None") -> None:
    """Once what grants or changes this loan is written, where no hand-over goes without a convention.

    Never a reason not to lend: what the territory has not written yet is said to whoever prepares it by hand.
    """
    transaction.on_commit(partial(_prepare_if_due, pret, agent), robust=True)


def _prepare_if_due(pret: Pret, agent: "Agent | None") -> None:
    if not ReglagesMateriel.load().convention_exigee:
        return
    try:
        prepare(pret, agent)
    except (PretRefuse, ModeleIncorrect) as refusal:
        logger.info("Convention du prêt %s non préparée : %s", pret.numero, refusal)


def _number_for(pret: Pret) -> str:
    """That of the loan, then « 2026-107-2 » for the text that replaces it."""
    count = pret.conventions.count()
    return f"{pret.numero}-{count + 1}" if count else pret.numero


@transaction.atomic
def prepare_frame(
    agent: "Agent", preteur: Collectivite, emprunteur: Collectivite, du: date, au: date, *, avec_conducteur: bool
) -> Convention:
    """The agreement of a year in one direction. Raises PretRefuse when one already holds on some of these days."""
    if preteur == emprunteur:
        raise PretRefuse("Une convention se passe entre deux collectivités : choisissez l’autre.")
    Numerotation.objects.select_for_update().get_or_create(annee=du.year)
    same = Convention.objects.filter(
        type=TypeConvention.CADRE,
        preteur=preteur,
        emprunteur=emprunteur,
        avec_conducteur=avec_conducteur,
        remplacee_par=None,
        resiliee_le=None,
        valable_du__lte=au,
        valable_au__gte=du,
    ).first()
    if same is not None:
        raise PretRefuse(f"La convention-cadre n° {same.numero} couvre déjà une partie de ces dates. Ouvrez-la.")
    return _save(draft_of_frame(agent, preteur, emprunteur, du, au, avec_conducteur=avec_conducteur), agent)


def draft_of_frame(
    agent: "Agent",
    preteur: Collectivite,
    emprunteur: Collectivite,
    du: date,
    au: date,
    *,
    avec_conducteur: bool = False,
    le: date | None = None,
) -> Convention:
    """As `draft_of_loan`, for all the loans of these days."""
    base = basis_of(preteur, emprunteur, avec_conducteur=avec_conducteur, gratuit=True)
    rank = Convention.objects.filter(numero__startswith=f"{du.year}-C-").count() + 1
    numero, model = f"{du.year}-C-{rank:02d}", model_of(base, cadre=True)
    return Convention(
        type=TypeConvention.CADRE,
        numero=numero,
        base_legale=base,
        avec_conducteur=avec_conducteur,
        preteur=preteur,
        emprunteur=emprunteur,
        valable_du=du,
        valable_au=au,
        preparee_par=agent,
        donnees=print_of_frame(preteur, emprunteur, numero, model, du, au, prepare_le=le),
    )


def _save(convention: Convention, agent: "Agent | None", replaces: Convention | None = None) -> Convention:
    content = draw(convention)
    convention.sha256 = hashlib.sha256(content).hexdigest()
    store(convention.file, ContentFile(content), "pdf")
    try:
        _write(convention, replaces)
    except Exception:
        convention.file.storage.delete(convention.file.name)
        raise
    record(
        "convention.preparee",
        convention,
        agent=agent,
        collectivite=convention.preteur,
        sha256=convention.sha256,
        remplace=replaces.numero if replaces else "",
    )
    ask_signature(convention, list(Cote), agent)
    return convention


@transaction.atomic
def _write(convention: Convention, replaces: Convention | None) -> None:
    """One stands for a loan at a time: the old one steps aside while the new one is written."""
    if replaces is not None:
        Convention.objects.filter(pk=replaces.pk).update(resiliee_le=timezone.now())
    with refuse_on(DEJA, PretRefuse):
        convention.save()
    if replaces is not None:
        Convention.objects.filter(pk=replaces.pk).update(resiliee_le=None, remplacee_par=convention)


def draw(convention: Convention, signatures: list[dict[str, Any]] | None = None, **more: object) -> bytes:
    """Its PDF: without `signatures`, with room for two hands, so that it may be signed on paper as on the site."""
    frames = signatures or [
        {"pour": f"Pour {place['designation'][:1].lower()}{place['designation'][1:]}", "manuscrite": True}
        for place in (convention.donnees["preteur"], convention.donnees["emprunteur"])
    ]
    return render("convention", convention.donnees | {"signatures": frames, **more})


def lacking(convention: Convention) -> list[str]:
    """What is printed « (à compléter) », in words: to be known before one signs."""
    parts = {"siren": "le SIREN", "siege": "l’adresse", "represente": "qui signe"}
    found = [
        f"{words} {place.de_nom}"
        for key, place in (("preteur", convention.preteur), ("emprunteur", convention.emprunteur))
        for field, words in parts.items()
        if convention.donnees.get(key, {}).get(field) == A_COMPLETER
    ]
    text = [line for article in convention.donnees.get("articles", []) for line in article["alineas"]]
    if any(A_COMPLETER in line for line in text):
        found.append("des mots du texte")
    return found


@transaction.atomic
def end_frame(convention: Convention, agent: "Agent", cote: Cote) -> Convention:
    """No new loan under it from now on; those already granted go on. Twice is once."""
    convention = Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
    if not convention.is_cadre:
        raise PretRefuse("La convention d’un prêt finit avec lui : annulez plutôt le prêt.")
    if convention.resiliee_le is None:
        convention.resiliee_le = timezone.now()
        convention.save(update_fields=["resiliee_le"])
        place = convention.preteur if cote == Cote.PRETEUR else convention.emprunteur
        record("convention.resiliee", convention, agent=agent, collectivite=place)
    return convention
