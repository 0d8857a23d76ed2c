"""What a line of a file of agents changes in the directory, told before and written after."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.text import slugify

from collectivites.enums import Signature
from collectivites.importation.rapprochement import Personne
from collectivites.journal import line, record
from collectivites.models import Agent, Collectivite, EntreeJournal, Fonction, Poste, Presence
from extranet.lib.demi_journees import Case, Jour, Moment, week_summary
from extranet.lib.francais import jour
from extranet.lib.tableur import Ligne

HEADS = {"maire", "president"}
BATCH = 500
# Fields of a poste that a file may change, with their name for a reader.
CHAMPS = {
    "fonction": "Fonction",
    "intitule": "Intitulé",
    "courriel": "Courriel",
    "telephone": "Téléphone",
    "mobile": "Mobile",
    "heures_hebdo": "Heures par semaine",
    "date_debut": "Arrivée",
    "date_fin": "Départ",
    "gestionnaire": "Gestionnaire",
}


@dataclass(frozen=True)
class Changement:
    """One fact that a line changes. `champ` names a field of the poste, « presence », or « email » of the agent."""

    ligne: int
    personne: str
    lieu: Collectivite
    champ: str
    valeur: Any
    libelle: str
    avant: str
    apres: str


def differences(ligne: Ligne, personne: Personne, poste: Poste | None) -> list[Changement]:
    """What the filled cells of the line say otherwise than the directory; of a poste to come, nothing is said yet."""
    valeurs, address = {**ligne.valeurs, "courriel": None}, ligne.valeurs["courriel"]
    found: list[tuple[str, str, Any, Any]] = []
    if personne.agent and personne.ligne_courriel == ligne.numero:
        found.append(("email", CHAMPS["courriel"], None, address))
    elif poste and address and address not in (personne.email, poste.courriel):
        found.append(("courriel", CHAMPS["courriel"], poste.courriel or personne.email, address))
    if poste:
        found += [
            (champ, libelle, getattr(poste, champ), valeurs[champ])
            for champ, libelle in CHAMPS.items()
            if valeurs[champ] is not None and valeurs[champ] != getattr(poste, champ)
        ]
        if valeurs["presence"] and valeurs["presence"] != (old := cases_of_poste(poste)):
            found.append(("presence", "Présence", old, valeurs["presence"]))
    return [
        Changement(
            ligne.numero, personne.nom_complet, valeurs["collectivite"], champ, new, label, shown(old), shown(new)
        )
        for champ, label, old, new in found
    ]


def cases_of_poste(poste: Poste) -> frozenset[Case]:
    return frozenset(Case(Jour(p.jour), Moment(p.moment)) for p in poste.presences.all())


def shown(value: Any) -> str:
    """A value as the reader of the report sees it."""
    match value:
        case None | "":
            return "vide"
        case bool():
            return "oui" if value else "non"
        case date():
            return jour(value)
        case Decimal():
            return f"{float(value):g}".replace(".", ",")
        case frozenset():
            return week_summary(value) or "vide"
    return str(value)


def create_agents(people: list[Personne], by: Agent | None) -> None:
    """The people in the directory, all at once; their accounts open when they are invited."""
    taken = set(Agent.objects.values_list("slug", flat=True))
    for personne in people:
        slug = next(slug for slug in _slugs(personne.nom_complet) if slug not in taken)
        taken.add(slug)
        fields = {"prenom": personne.prenom, "nom": personne.nom, "email": personne.email, "slug": slug}
        personne.agent = Agent(password=make_password(None), **fields)
    agents = Agent.objects.bulk_create((personne.agent for personne in people), batch_size=BATCH)
    _log("agent.cree", agents, by)


def _slugs(nom_complet: str) -> Iterator[str]:
    """« karim-belkacem », « karim-belkacem-2 »…, as `AgentManager.free_slug`, without asking for each."""
    base = slugify(nom_complet)[:140] or "agent"
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def create_postes(lines: list[tuple[Personne, Ligne]], by: Agent | None) -> None:
    postes = Poste.objects.bulk_create((new_poste(*pair) for pair in lines), batch_size=BATCH)
    presences = [
        Presence(poste=poste, jour=case.jour, moment=case.moment)
        for poste, (_, ligne) in zip(postes, lines, strict=True)
        for case in sorted(ligne.valeurs["presence"] or ())
    ]
    Presence.objects.bulk_create(presences, batch_size=BATCH)
    _log("poste.cree", postes, by)


def new_poste(personne: Personne, ligne: Ligne) -> Poste:
    valeurs = ligne.valeurs
    fields = {champ: valeurs[champ] for champ in CHAMPS if valeurs[champ] is not None}
    if valeurs["courriel"] == personne.agent.email:
        fields.pop("courriel", None)
    poste = Poste(agent=personne.agent, collectivite=valeurs["collectivite"], **fields)
    poste.signataire = signature_of(poste.fonction, Signature.NON)
    close_if_past(poste)
    return poste


def _log(acte: str, things: list[Agent] | list[Poste], by: Agent | None) -> None:
    lines = (
        line(acte, thing, agent=by, collectivite=getattr(thing, "collectivite", None), origine="import")
        for thing in things
    )
    EntreeJournal.objects.bulk_create(lines, batch_size=BATCH)


def give_email(personne: Personne, by: Agent | None) -> None:
    """The first address of someone who had none: they may now be invited."""
    personne.agent.email = personne.email
    personne.agent.save(update_fields=["email"])
    record("agent.modifie", personne.agent, agent=by, origine="import", champs=["email"])


def write_changes(poste: Poste, changes: list[Changement], by: Agent | None) -> None:
    fields = sorted({change.champ for change in changes} - {"email"})
    if not fields:
        return
    for change in changes:
        if change.champ == "presence":
            set_presence(poste, change.valeur)
        elif change.champ != "email":
            setattr(poste, change.champ, change.valeur)
    if "fonction" in fields:
        poste.signataire = signature_of(poste.fonction, poste.signataire)
    close_if_past(poste)
    poste.save()
    record("poste.modifie", poste, agent=by, collectivite=poste.collectivite, origine="import", champs=fields)


def signature_of(fonction: Fonction, signataire: str) -> str:
    """A head signs by law (CGCT L2122-18, L5211-9), and no longer does once they are not; a delegation stays."""
    if fonction.code in HEADS:
        return Signature.DE_DROIT
    return Signature.NON if signataire == Signature.DE_DROIT else signataire


def close_if_past(poste: Poste) -> None:
    """A departure already past, or of today, closes the access at once."""
    if poste.date_fin and poste.date_fin <= timezone.localdate() and poste.ferme_le is None:
        poste.ferme_le = timezone.now()


def set_presence(poste: Poste, cases: Collection[Case]) -> None:
    """Every week, without hours: all that a file says."""
    if cases:
        poste.presences.all().delete()
        Presence.objects.bulk_create(Presence(poste=poste, jour=c.jour, moment=c.moment) for c in sorted(cases))
