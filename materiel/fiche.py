"""What the sheet of a thing shows to its reader, and what it answers when dates are asked of it."""

from dataclasses import dataclass, field

from django.db.models import Count, Min, Q
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Habilitation, Poste
from extranet.lib.demi_journees import DemiJournee
from extranet.lib.francais import NBSP, en_lettres, euros, jour
from extranet.lib.typographie import space
from materiel.adresses import period_query
from materiel.alternatives import PROCHES, nearest_days
from materiel.demandes import asked_around
from materiel.disponibilite import Disponibilite, availability
from materiel.enums import Conducteur, StatutPret, Transport, TypePapier
from materiel.models import Materiel, Papier, Pret, ReglagesMateriel
from materiel.presentation import spoken_days
from materiel.regles import LOIN, ORDRE, PASSE, PRIS, obstacles

RENDUS = (StatutPret.RESTITUE, StatutPret.CLOS)
SANS_SUITE = {PASSE, ORDRE, LOIN}


@dataclass(frozen=True)
class Proche:
    """Other dates, and the address that asks for them."""

    mots: str
    requete: str
    debut: DemiJournee
    fin: DemiJournee


@dataclass(frozen=True)
class Verdict:
    """Free on these dates, or why not and what is nearest."""

    libre: bool
    phrase: str
    proches: list[Proche] = field(default_factory=list)


def verdict(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> Verdict:
    """What the request would meet now: conditions, papers, then the ledger. Nothing is kept by asking."""
    against = obstacles(materiel, debut, fin, quantite)
    known = availability([materiel], debut, fin, quantite)[materiel.pk]
    if not against and known.suffit(quantite):
        return Verdict(libre=True, phrase=_free_words(materiel, known, debut, fin, quantite))
    phrase = against[0].phrase if against else _taken_words(materiel, known, debut, fin)
    if (against and against[0].code in SANS_SUITE) or not materiel.is_lendable():
        return Verdict(libre=False, phrase=space(phrase))
    return Verdict(libre=False, phrase=space(phrase), proches=_near(materiel, debut, fin, quantite))


def _near(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> list[Proche]:
    """The days that the request itself would offer; none when no day can hold so long a loan, or so many."""
    if (fin.date - debut.date).days >= materiel.duree_max_jours or quantite > materiel.quantite_max:
        return []
    around = asked_around(materiel, debut, fin)
    days = nearest_days(materiel, debut, fin, quantite, count=PROCHES, promised=around)
    return [Proche(spoken_days(d.debut, d.fin), period_query(d.debut, d.fin, quantite), d.debut, d.fin) for d in days]


def _free_words(materiel: Materiel, known: Disponibilite, debut: DemiJournee, fin: DemiJournee, quantite: int) -> str:
    """« Libre les mardi 20 et mercredi 21 octobre. », « 45 libres sur 80 du 20 au 24 octobre. »"""
    when = _when(debut, fin)
    if materiel.stock <= 1:
        return f"Libre {when}."
    return f"{known.libre} libre{'s' if known.libre > 1 else ''} sur {materiel.stock} {when}."


def _when(debut: DemiJournee, fin: DemiJournee) -> str:
    words = spoken_days(debut, fin)
    return words if words.startswith(("les ", "du ")) else f"le {words}"


def _taken_words(materiel: Materiel, known: Disponibilite, debut: DemiJournee, fin: DemiJournee) -> str:
    against = known.obstacles[0]
    if materiel.stock > 1:
        left = f"Il n’en reste que {known.libre} sur {materiel.stock}" if known.libre else "Il n’en reste pas"
        return f"{left} {_when(debut, fin)}."
    return f"Déjà pris {_when(debut, fin)}, au moins en partie." if against.code == PRIS else against.phrase


@dataclass(frozen=True)
class Condition:
    terme: str
    lignes: list[str]


def conditions(materiel: Materiel, reglages: ReglagesMateriel) -> list[Condition]:
    """What one accepts by asking, in the order in which one wonders."""
    rows = [
        ("Conduite", _driving(materiel)),
        ("Prix", _price(materiel)),
        ("Assurance", _insurance(materiel, reglages)),
        ("Transport", _transport(materiel)),
        ("Remise et retour", [line for line in (materiel.lieu, materiel.horaires) if line]),
        ("Durée", _length(materiel)),
        ("Délai", _notice(materiel)),
        ("Consignes", [line.strip() for line in materiel.consignes.splitlines() if line.strip()]),
    ]
    return [Condition(term, [space(line) for line in lines]) for term, lines in rows if lines]


def _driving(materiel: Materiel) -> list[str]:
    asked = [one.libelle for one in materiel.habilitations.all()]
    lines = [", ".join(asked)] if asked and materiel.conducteur != Conducteur.OBLIGATOIRE else []
    if materiel.conducteur != Conducteur.SANS:
        line = materiel.get_conducteur_display().capitalize()
        price = f", {euros(materiel.tarif_conducteur)} de l’heure" if materiel.tarif_conducteur else ""
        lines.append(line + price)
    if materiel.prise_en_main:
        lines.append(f"Prise en main de {materiel.prise_en_main} minutes")
    return lines


def _price(materiel: Materiel) -> list[str]:
    each = " par unité" if materiel.stock > 1 else ""
    lines = [f"{euros(materiel.tarif_jour)} par jour{each}" if materiel.tarif_jour else "Gratuit entre communes"]
    lines += [f"Carburant : {materiel.carburant}"] if materiel.carburant else []
    lines += [f"Caution de {euros(materiel.caution)}"] if materiel.caution else []
    if materiel.valeur_remplacement:
        lines.append(f"Remplacé {euros(materiel.valeur_remplacement)}{each} s’il est perdu")
    return lines


def _insurance(materiel: Materiel, reglages: ReglagesMateriel) -> list[str]:
    return ["Attestation de votre assureur, demandée avant la remise"] if reglages.assurance_exigee else []


def _transport(materiel: Materiel) -> list[str]:
    if materiel.transport == Transport.RETRAIT:
        return ["Vous venez le chercher"]
    owner = materiel.collectivite.nom
    price = f", {euros(materiel.prix_livraison)}" if materiel.prix_livraison else ""
    if materiel.transport == Transport.LIVRE:
        return [f"Livré par {owner}{price}"]
    return ["Vous venez le chercher", f"ou {owner} vous le livre{price}"]


def _length(materiel: Materiel) -> list[str]:
    most = materiel.duree_max_jours
    return [f"{en_lettres(most).capitalize()} jour{'s' if most > 1 else ''} au plus"]


def _notice(materiel: Materiel) -> list[str]:
    lines = []
    if materiel.preavis_jours:
        lines.append(f"Demandez-le {_open_days(materiel.preavis_jours)} à l’avance")
    kept = [(materiel.tampon_avant, "avant"), (materiel.tampon_apres, "après")]
    lines += [f"{_open_days(n).capitalize()} gardé{'s' if n > 1 else ''} {word} chaque prêt" for n, word in kept if n]
    if materiel.stock > 1 and materiel.quantite_max < materiel.stock:
        lines.append(f"{materiel.quantite_max} au plus par prêt, sur {materiel.stock}")
    return lines


def _open_days(count: int) -> str:
    plural = "s" if count > 1 else ""
    return f"{en_lettres(count)} jour{plural} ouvré{plural}"


@dataclass(frozen=True)
class EtatPapier:
    """A paper by its name and its state: the file itself is for those who look after the thing, and its borrower."""

    nom: str
    ton: str
    etat: str


def papers(materiel: Materiel) -> list[EtatPapier]:
    """The present ones; one query."""
    found = Papier.objects.filter(materiel=materiel, remplace_par=None).defer("file")
    return [_state_of_paper(one) for one in found]


def _state_of_paper(papier: Papier) -> EtatPapier:
    name = str(papier)
    name, until = name[:1].upper() + name[1:], papier.valable_jusqu_au
    if until is None:
        return EtatPapier(name, "ok", "disponible")
    if not papier.is_valid():
        return EtatPapier(name, "alert", f"échu depuis le {jour(until)}")
    if papier.is_ending():
        return EtatPapier(name, "wait", f"à renouveler avant le {jour(until)}")
    return EtatPapier(name, "ok", f"valable jusqu’au {jour(until)}")


def insurance_of(place: Collectivite | None) -> EtatPapier | None:
    """Whether one's own collectivité has given its certificate of the year; None when it does not borrow."""
    if place is None:
        return None
    valid = Papier.objects.valid().filter(collectivite=place, type=TypePapier.ASSURANCE, remplace_par=None)
    if valid.exists():
        return EtatPapier("Assurance", "ok", "La vôtre est à jour")
    return EtatPapier("Assurance", "wait", "La vôtre est à donner")


@dataclass(frozen=True)
class Contact:
    agent: Agent
    libelle: str
    numero: str
    adresse: str


def contacts(materiel: Materiel) -> list[Contact]:
    """Who looks after it, while in office there; else the gestionnaires of its owner, three at most."""
    there = Poste.objects.in_force().for_list().filter(agent__efface_le=None, agent__is_active=True)
    if materiel.contact_id:
        own = there.filter(agent=materiel.contact_id, collectivite=materiel.collectivite_id)
        if found := [_contact(poste) for poste in own[:1]]:
            return found
    return [_contact(poste) for poste in there.gestionnaires_of([materiel.collectivite_id])[:3]]


def _contact(poste: Poste) -> Contact:
    return Contact(poste.agent, poste.libelle, poste.numero, poste.adresse)


def history(materiel: Materiel) -> str:
    """« 31 prêts depuis 2022 »; empty before the first one came back."""
    seen = Pret.objects.filter(materiel=materiel, statut__in=RENDUS).aggregate(n=Count("pk"), depuis=Min("date_debut"))
    if not seen["n"]:
        return ""
    return f"{seen['n']}{NBSP}prêt{'s' if seen['n'] > 1 else ''} depuis {seen['depuis'].year}"


def drivers(materiel: Materiel, place: Collectivite, agent: Agent) -> list[tuple[int, str]]:
    """The agents in office there, those who hold what is asked first, with the end of their paper.

    Empty when nothing is asked of who drives. Of the habilitations, only those that this reader may see are told.
    """
    asked = [one.pk for one in materiel.habilitations.all()]
    if not asked or materiel.conducteur == Conducteur.OBLIGATOIRE:
        return []
    held = Habilitation.objects.visible_to(agent).valid().filter(type__in=asked).select_related("type")
    told: dict[int, Habilitation] = {one.agent_id: one for one in held.order_by("valable_jusqu_au")}
    people = Agent.objects.filter(pk__in=Agent.objects.in_office().of(place).values("pk"))
    known = sorted(people.order_by("nom", "prenom"), key=lambda one: one.pk not in told)
    return [(one.pk, _driver(one, told.get(one.pk))) for one in known]


def _driver(agent: Agent, held: Habilitation | None) -> str:
    if held is None:
        return str(agent)
    until = f", jusqu’au {jour(held.valable_jusqu_au)}" if held.valable_jusqu_au else ""
    return f"{agent}, {held.type.libelle}{until}"


def asked_before(materiel: Materiel, debut: DemiJournee, fin: DemiJournee) -> list[Pret]:
    """Requests not answered yet that touch these days: they come first, and are told."""
    waiting = (
        Pret.objects.filter(materiel=materiel)
        .waiting()
        .filter(Q(date_debut__lte=fin.date), Q(date_fin__gte=max(debut.date, timezone.localdate())))
    )
    touching = waiting.select_related("emprunteur").order_by("created_at", "pk")
    return [one for one in touching if one.debut <= fin and one.fin >= debut]
