"""A link without account to one file: who may make one, what it opens, when it stops.

The rule is asked when the link is made and each time it is opened, with the author as they are at that moment: a link
opens nothing more than its author could give today. It gives the version in force of the file; if the one that was
shared is withdrawn, the link is closed, since nobody vouched for another. Of a photo it gives the picture that was
shared, and no other: whoever is on the next one was never asked about this link.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from collectivites.diffusion import TOUTES
from collectivites.journal import record
from collectivites.models import Agent, Poste
from ressources.enums import AVEC_ACCORD, Fiabilite, Licence, Partage, StatutVersion
from ressources.models import Fichier, LienPartage, ReglagesRessources, RessourcePage, VersionFichier
from ressources.permissions import can_edit, kept_still
from ressources.rappels import keepers_of
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Collectivite

DUREES = (7, 30, 90)
# Dead ones are forgotten after a year.
CONSERVATION = timedelta(days=365)
FERMEE = "Votre territoire ne permet pas de donner un fichier sans compte. Envoyez plutôt la fiche à un collègue."


def refusal(page: RessourcePage, agent: Agent, *, gardien: bool) -> str:
    """Why `agent` may not give a file of this sheet to somebody without an account; empty when they may.

    Sheets that they read, open to all communes, in use, whose rights are not those of a third party: by those who look
    after them (`gardien`, as `can_edit` says), whose consent it is; by every reader too when the territory says so and
    the licence lets anybody use it.
    """
    if not RessourcePage.objects.visible_to(agent).filter(pk=page.pk, archivee_le=None).exists():
        return "Ce document n’est pas en ligne pour ses lecteurs."
    if why := rule_of(page):
        return why
    return "" if may_give(page, gardien=gardien) else _whose(page)


def rule_of(page: RessourcePage) -> str:
    """What of the sheet itself forbids it, whoever asks. No query but its type and its photo, when not read yet."""
    if ReglagesRessources.load().partage == Partage.PERSONNE:
        return FERMEE
    if TOUTES not in page.diffusion:
        return "Ce document n’est pas ouvert à toutes les communes\u00a0: il ne sort pas de l’extranet."
    if page.licence == Licence.TIERS:
        return "Les droits de ce document sont ceux d’un tiers\u00a0: il ne se donne pas hors de l’extranet."
    if page.fiabilite == Fiabilite.REMPLACE:
        return "Ce document est remplacé\u00a0: partagez celui qui le remplace."
    if page.fiabilite == Fiabilite.PERIME:
        return "Ce document est périmé\u00a0: il ne se donne plus hors de l’extranet."
    photo = getattr(page, "photo", None)
    if photo is not None and photo.personnes in AVEC_ACCORD:
        return "Des personnes se reconnaissent sur cette photo\u00a0: elle ne se donne pas hors de l’extranet."
    if photo is None and page.type.is_photo:
        return "Personne n’a dit qui se reconnaît sur cette photo\u00a0: décrivez-la avant de la donner."
    return ""


def may_give(page: RessourcePage, *, gardien: bool) -> bool:
    """Those who look after it; the other readers, of what anybody may use again, when the territory lets them."""
    return gardien or (ReglagesRessources.load().partage == Partage.LECTEURS and page.licence != Licence.INTERNE)


def is_shareable(page: RessourcePage, *, gardien: bool) -> bool:
    """Whether the button is shown on a sheet that is read, by the rule of `refusal`."""
    return page.live and not page.archivee_le and not rule_of(page) and may_give(page, gardien=gardien)


def _whose(page: RessourcePage) -> str:
    who = names_of(page)
    told = "Seuls ceux qui s’occupent de ce document peuvent le donner sans compte."
    return f"{told} Demandez-le à {who}." if who else told


def names_of(page: RessourcePage) -> str:
    """Whom to ask: « Sylvie Aval », « Paul Dole ou Anne Tavaux »; two at most."""
    keepers, _ = keepers_of(page)
    return " ou ".join(agent.nom_complet for agent in keepers[:2])


def files_of(page: RessourcePage) -> list[VersionFichier]:
    """The versions that may be given, one a file."""
    current = VersionFichier.objects.current().filter(fichier__page=page).select_related("fichier__page")
    return list(current.defer("texte", "fichier__page__corps").order_by("fichier__ordre", "fichier"))


def fingerprint(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def create(
    version: VersionFichier, auteur: Agent, collectivite: "Collectivite", *, jours: int, destinataire: str = ""
) -> tuple[LienPartage, str]:
    """The link and its token, which is kept nowhere. Raises RessourceRefusee."""
    fichier = Fichier.objects.select_for_update(of=("self",)).select_related("page").get(pk=version.fichier_id)
    gardien = can_edit(auteur, fichier.page)
    if why := refusal(fichier.page, auteur, gardien=gardien):
        raise RessourceRefusee(why)
    if jours not in DUREES or not VersionFichier.objects.current().filter(pk=version.pk).exists():
        raise RessourceRefusee("Une autre version est parue entre-temps. Relisez la fiche, puis recommencez.")
    jeton, now = secrets.token_urlsafe(32), timezone.now()
    lien = LienPartage.objects.create(
        version=version,
        auteur=auteur,
        collectivite=collectivite,
        gardien=gardien,
        destinataire=destinataire,
        empreinte=fingerprint(jeton),
        created_at=now,
        expire_le=now + timedelta(days=jours),
    )
    _note("partage.cree", lien, auteur, jours=jours)
    return lien, jeton


@transaction.atomic
def revoke(lien: LienPartage, par: Agent) -> None:
    """By its author, or by those who look after the sheet. Twice is as once."""
    now = timezone.now()
    if LienPartage.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=now, revoque_par=par):
        _note("partage.revoque", lien, par)


def opened_by(jeton: str) -> tuple[LienPartage, VersionFichier] | None:
    """The link and the version that it gives at this moment; None whatever the reason, so that nothing is learnt."""
    lien = LienPartage.objects.live().for_list().filter(empreinte=fingerprint(jeton)).first()
    version = given_by([lien]).get(lien.pk) if lien else None
    return (lien, version) if version else None


def given_by(liens: list[LienPartage]) -> dict[int, VersionFichier]:
    """What each link of a `for_list` gives, by key: those that answer nothing any more are not there. Five queries.

    Its author is in office where they made it, hence reads what is open to all communes; the sheet is still so, in use
    and given by the same rule, asked of its author as they are today; the version that was shared was not withdrawn.
    A link that was given by who looks after the sheet lives as long as they do: an author who only reads it since is a
    reader as the others, and one who did not look after it gains nothing afterwards.
    """
    alive = [one for one in liens if not one.revoque_le and not one.is_expired and _is_given(one)]
    keepers = kept_still((one.auteur, one.version.fichier.page) for one in alive if one.gardien)
    alive = [one for one in alive if _may_still(one, keepers)]
    postes = Poste.objects.in_force().filter(agent__in={one.auteur_id for one in alive})
    offices = set(postes.values_list("agent", "collectivite"))
    pages = {one.version.fichier.page_id for one in alive}
    online = set(RessourcePage.objects.online().filter(pk__in=pages, archivee_le=None).values_list("pk", flat=True))
    current = VersionFichier.objects.current().filter(fichier__in={one.version.fichier_id for one in alive})
    versions = {one.fichier_id: one for one in current.select_related("fichier").defer("texte")}
    return {
        one.pk: versions[one.version.fichier_id]
        for one in alive
        if (one.auteur_id, one.collectivite_id) in offices
        and one.version.fichier.page_id in online
        and one.version.fichier_id in versions
        and (versions[one.version.fichier_id].pk == one.version_id or not _is_photo(one.version.fichier.page))
    }


def _is_photo(page: RessourcePage) -> bool:
    return page.type.is_photo or getattr(page, "photo", None) is not None


def _is_given(lien: LienPartage) -> bool:
    """What its own row says, and its sheet’s. No query."""
    auteur = lien.auteur
    if not auteur.is_active or auteur.efface_le or lien.version.statut == StatutVersion.RETIREE:
        return False
    return not rule_of(lien.version.fichier.page)


def _may_still(lien: LienPartage, keepers: set[tuple[int, int]]) -> bool:
    page = lien.version.fichier.page
    return may_give(page, gardien=(lien.auteur_id, page.pk) in keepers)


@transaction.atomic
def count(lien: LienPartage, version: VersionFichier) -> None:
    """A file taken by who has no account: how many, when, and nothing of who."""
    LienPartage.objects.filter(pk=lien.pk).update(nombre=F("nombre") + 1, dernier_le=timezone.now())
    _note("partage.pris", lien, None, version=version.numero)


def _note(acte: str, lien: LienPartage, agent: Agent | None, **donnees: object) -> None:
    page = lien.version.fichier.page
    record(acte, lien, agent=agent, collectivite=lien.collectivite, libelle=page.title, **donnees)


def forget() -> int:
    """Those that ended more than a year ago."""
    old = timezone.now() - CONSERVATION
    return LienPartage.objects.filter(Q(revoque_le__lt=old) | Q(expire_le__lt=old)).delete()[0]
