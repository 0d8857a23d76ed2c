"""How often a thing is searched, without the person, and what many search for: said to those who may find something."""

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from search.analyse.mots import VIDES, mots, plier
from search.analyse.requete import Requete, lire
from search.engines import moteur
from search.engines.base import Demande
from search.models import EmpreinteRecherche, RechercheDuMois
from search.synonymes import in_force

if TYPE_CHECKING:
    from collectivites.models import Agent
    from search.lecteur import Lecteur

# Below it, a frequent search could tell what one person looks for.
COMPTES = 5
MOIS_GARDES, MOIS_PROPOSES = 12, 3
# How many frequent searches are tried for each one that is shown.
ESSAIS = 3
LOT = 500
# An address, or enough digits for a telephone, a date of birth, a number of security or of account.
_PERSONAL = re.compile(r"@|(?:\d[\s./-]*){8}")
_PLAIN = re.compile(r"[\w\s'’-]+")


def note(agent: "Agent", requete: Requete, total: int) -> None:
    """Counts a search that was sent, its first page only. Nothing is kept of what looks like somebody’s private data.

    An account counts once a month in `comptes`, by a keyed fingerprint of its own for each query: two queries of an
    account cannot be put together.
    """
    cle = cle_of(requete)
    if not cle or _PERSONAL.search(requete.texte):
        return
    mois = month_of(timezone.localdate())
    counted = RechercheDuMois.objects.filter(mois=mois, cle=cle)
    pk = counted.values_list("pk", flat=True).first()
    if pk is None:
        new = RechercheDuMois(mois=mois, cle=cle, requete=shown(requete))
        RechercheDuMois.objects.bulk_create([new], ignore_conflicts=True)
        pk = counted.values_list("pk", flat=True).get()
    mark = EmpreinteRecherche(recherche_id=pk, empreinte=_mark(mois, cle, agent))
    EmpreinteRecherche.objects.bulk_create([mark], ignore_conflicts=True)
    same = EmpreinteRecherche.objects.filter(recherche=OuterRef("pk")).order_by().values("recherche")
    RechercheDuMois.objects.filter(pk=pk).update(
        nombre=F("nombre") + 1,
        sans_resultat=F("sans_resultat") + int(not total),
        comptes=Subquery(same.annotate(n=Count("pk")).values("n")),
    )


def note_click(agent: "Agent", requete: Requete) -> None:
    """A result was opened from this search. Who did is not kept; several results of one search may count as one."""
    mois = month_of(timezone.localdate())
    known = RechercheDuMois.objects.filter(mois=mois, cle=cle_of(requete), clics__lt=F("nombre"))
    known.update(clics=F("clics") + 1)


def frequent(debut: str, lecteur: "Lecteur", nombre: int) -> list[str]:
    """What at least five accounts searched of late that begins so, most frequent first, and gives something to this
    reader.
    """
    start = _beginning(debut)
    if not start or not lecteur.audiences:
        return []
    since = month_of(timezone.localdate(), -(MOIS_PROPOSES - 1))
    often = RechercheDuMois.objects.filter(mois__gte=since, comptes__gte=COMPTES, cle__startswith=start)
    texts = often.order_by().values("cle").annotate(n=Sum("nombre"), texte=Max("requete")).order_by("-n", "cle")
    tried = list(texts.values_list("texte", flat=True)[: nombre * ESSAIS])
    if not tried:
        return []
    engine, synonymes, found = moteur(), in_force(), []
    for text in tried:
        asked = lire(text, synonymes)
        if engine.count(Demande(asked.groupes, lecteur.audiences, sans=lecteur.sans), 1):
            found.append(text)
            if len(found) == nombre:
                break
    return found


def purge() -> int:
    """Forgets the fingerprints of the months that are over, and all that is older than twelve months."""
    today = timezone.localdate()
    forgotten = EmpreinteRecherche.objects.filter(recherche__mois__lt=month_of(today)).delete()[0]
    return forgotten + RechercheDuMois.objects.filter(mois__lt=month_of(today, -MOIS_GARDES)).delete()[0]


def forget(agent: "Agent") -> None:
    """The fingerprints of this month go; what was counted stays, and names nobody."""
    mois = month_of(timezone.localdate())
    searched = RechercheDuMois.objects.filter(mois=mois).values_list("cle", flat=True)
    marks = [_mark(mois, cle, agent) for cle in searched.iterator()]
    for start in range(0, len(marks), LOT):
        EmpreinteRecherche.objects.filter(recherche__mois=mois, empreinte__in=marks[start : start + LOT]).delete()


def _mark(mois: date, cle: str, agent: "Agent") -> str:
    return salted_hmac("search.frequences", f"{mois}:{cle}:{agent.pk}", algorithm="sha256").hexdigest()


def cle_of(requete: Requete) -> str:
    """The folded words that were asked for, in their order: words rather than roots, so that all who count together
    typed the same words, accents, capitals and words of grammar aside. Empty for what has quotes, exclusions or stars,
    or was cut.

    Who calls reads what was typed: a spelling that the search ran in its place was asked by nobody.
    """
    if requete.coupee or not requete.is_simple:
        return ""
    return " ".join(word for one in requete.demandees for word in one.mots)[:250]


def shown(requete: Requete) -> str:
    """As it was typed, if nothing is in it but the words of `cle_of` and words of grammar; else these words only."""
    asked = {word for one in requete.demandees for word in one.mots}
    if _PLAIN.fullmatch(requete.texte) and asked | VIDES >= set(mots(requete.texte)):
        return requete.texte
    return cle_of(requete)


def month_of(day: date, shift: int = 0) -> date:
    """The first day of its month, `shift` months later."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def _beginning(debut: str) -> str:
    *whole, last = [*mots(debut[:200]), ""] if debut.endswith(" ") else list(mots(debut[:200])) or [""]
    return " ".join([*(word for word in whole if word not in VIDES), plier(last)])
