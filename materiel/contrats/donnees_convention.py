"""What a loan, or a year of loans, gives to its convention: the words of the model and the tables of the PDF."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from collectivites.models import Collectivite, Territoire
from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.francais import date_longue, en_lettres, euros, heure
from materiel import redaction
from materiel.contrats.parties import capital, date_complete, designation, printed
from materiel.enums import Mode, Transport
from materiel.models import ModeleConventionPage, Pret, ReglementPretPage

# A year of days is not a table: past this, the days between the first and the last are one line.
JOURS_MAX = 12
PREAVIS_CADRE, PAIEMENT = "deux mois", "trente jours"


def service() -> dict[str, str]:
    """Who runs the extranet, on every printed paper."""
    territoire = Territoire.load()
    return {
        "nom": "L’Extranet des communes",
        "collectivite": capital(territoire.designation or territoire.nom),
        "telephone": territoire.telephone,
        "adresse": settings.SITE_URL,
    }


def common_values(preteur: Collectivite, emprunteur: Collectivite) -> dict[str, str]:
    """What does not depend on the loan; every name a model may write is there, empty when there is nothing to say."""
    territoire = Territoire.load()
    epci = territoire.designation or territoire.nom
    return {
        **dict.fromkeys(redaction.CHAMPS, ""),
        **redaction.forms("preteur", designation(preteur)),
        **redaction.forms("emprunteur", designation(emprunteur)),
        **redaction.forms("epci", epci),
        "reglement": _rules(),
        "delai_resiliation": PREAVIS_CADRE,
        "delai_paiement": PAIEMENT,
        "tribunal": "le tribunal administratif dans le ressort duquel se trouve le prêteur",
        "contact_dpo": territoire.dpo_courriel or territoire.dpo_nom or territoire.courriel,
    }


def _rules() -> str:
    page = ReglementPretPage.objects.online().order_by("pk").first()
    if page is None:
        return "le règlement de prêt de matériel"
    since = timezone.localdate(page.last_published_at or page.first_published_at or timezone.now())
    return f"le règlement de prêt de matériel, dans sa version du {date_complete(since)}"


def values_of_loan(pret: Pret, numero: str) -> dict[str, str]:
    materiel = pret.materiel
    with_driver = pret.avec_conducteur
    return common_values(pret.preteur, pret.emprunteur) | {
        "numero": numero,
        "materiel": thing(pret),
        "usage": f"« {pret.usage} »",
        "periode": period(pret.debut, pret.fin),
        "remise": _appointment(pret.date_debut, pret.heure_remise),
        "retour": _appointment(pret.date_fin, pret.heure_retour),
        "lieu": _place(pret),
        "preavis": _count(materiel.preavis_jours, "jour ouvré") if materiel.preavis_jours else "dès que possible, et",
        "duree_max": _count(materiel.duree_max_jours, "jour"),
        "conducteur": _driver(pret),
        "habilitations": ", ".join(one.libelle for one in materiel.habilitations.all()),
        "prix": _price(pret),
        "prix_conducteur": f"{euros(materiel.tarif_conducteur)} l’heure"
        if with_driver and materiel.tarif_conducteur
        else "",
        "prix_livraison": euros(materiel.prix_livraison)
        if pret.transport != Transport.RETRAIT and materiel.prix_livraison
        else "",
        "caution": euros(materiel.caution) if materiel.caution else "",
        "delai_paiement": PAIEMENT if is_priced(pret) else "",
    }


def values_of_frame(preteur: Collectivite, emprunteur: Collectivite, numero: str, du: date, au: date) -> dict[str, str]:
    return common_values(preteur, emprunteur) | {
        "numero": numero,
        "materiel": "tout matériel inscrit au prêt sur l’extranet",
        "usage": "les besoins de ses services",
        "lieu": "à l’endroit que dit la fiche du matériel",
        "debut_cadre": date_complete(du),
        "fin_cadre": date_complete(au),
        "prix": "au prix affiché sur l’extranet",
    }


def is_priced(pret: Pret) -> bool:
    materiel = pret.materiel
    prices = [materiel.tarif_jour]
    if pret.avec_conducteur:
        prices.append(materiel.tarif_conducteur)
    if pret.transport != Transport.RETRAIT:
        prices.append(materiel.prix_livraison)
    return any(prices)


def thing(pret: Pret) -> str:
    """« le matériel « Mini-pelle 2,5 t » », « 80 barrières (« Barrières Vauban ») »."""
    materiel = pret.materiel
    if materiel.mode == Mode.UNIQUE:
        return f"le matériel « {materiel.nom} »"
    return f"{pret.quantite} {materiel.unites} (« {materiel.nom} »)"


def period(debut: DemiJournee, fin: DemiJournee) -> str:
    """With the year and the half-days, so that nobody has to guess: « du 16 octobre 2026, matin, au … »."""
    if debut.date == fin.date:
        half = "" if debut.moment != fin.moment else f", {debut.moment.label}"
        return f"le {date_complete(debut.date)}{half}"
    return f"du {date_complete(debut.date)}, {debut.moment.label}, au {date_complete(fin.date)}, {fin.moment.label}"


def _appointment(day: date, at: time | None) -> str:
    return f"{date_longue(day)}, {heure(at)}" if at else date_longue(day)


def _place(pret: Pret) -> str:
    if pret.avec_conducteur:
        return f"au lieu des travaux ({pret.lieu_usage})" if pret.lieu_usage else "au lieu des travaux"
    where = f", {pret.materiel.lieu}" if pret.materiel.lieu else ""
    return f"{pret.preteur.a_nom}{where}"


def _count(number: int, word: str) -> str:
    return f"{en_lettres(number)} {' '.join(w + ('s' if number > 1 else '') for w in word.split())}"


def _driver(pret: Pret) -> str:
    if pret.avec_conducteur:
        driver = pret.materiel.conducteur_nom
        return driver.nom_complet if driver else f"un agent {redaction.forms('x', designation(pret.preteur))['de_x']}"
    return pret.conducteur.nom_complet if pret.conducteur else ""


def _price(pret: Pret) -> str:
    rate = pret.materiel.tarif_jour
    if not rate:
        return "à titre gratuit"
    each = " et par unité" if pret.quantite > 1 else ""
    return f"au prix de {euros(rate)} par jour{each}, soit {euros(rate * pret.nb_jours * pret.quantite)}"


def articles_of(modele: ModeleConventionPage, values: dict[str, str]) -> dict[str, Any]:
    """Title, visas and articles. Raises redaction.ModeleIncorrect."""
    return {
        "titre": modele.title,
        "visas": redaction.compose_visas(modele.lignes_visas, values),
        "articles": [
            {key: value for key, value in article.items() if value is not None}
            for article in redaction.compose_articles(modele.textes, values)
        ],
    }


def print_of_loan(
    pret: Pret, numero: str, modele: ModeleConventionPage, *, prepare_le: date | None = None
) -> dict[str, Any]:
    """All that the PDF is made of, signatures excepted; prepared today, unless another day is told."""
    return {
        "service": service(),
        "numero": numero,
        "objet": pret.materiel.nom,
        "occasion": f"{pret.usage}, {period(pret.debut, pret.fin)}",
        "prepare-le": date_complete(prepare_le or timezone.localdate()),
        "preteur": printed(pret.preteur),
        "emprunteur": printed(pret.emprunteur),
        **articles_of(modele, values_of_loan(pret, numero)),
        "materiel": [_things(pret)],
        "jours": list(_days(pret)),
        "annexes": list(_annexes(pret)),
    }


def print_of_frame(
    preteur: Collectivite,
    emprunteur: Collectivite,
    numero: str,
    modele: ModeleConventionPage,
    du: date,
    au: date,
    *,
    prepare_le: date | None = None,
) -> dict[str, Any]:
    return {
        "service": service(),
        "numero": numero,
        "objet": "Tout matériel inscrit à l’extranet",
        "occasion": f"du {date_complete(du)} au {date_complete(au)}",
        "prepare-le": date_complete(prepare_le or timezone.localdate()),
        "preteur": printed(preteur),
        "emprunteur": printed(emprunteur),
        **articles_of(modele, values_of_frame(preteur, emprunteur, numero, du, au)),
        "annexes": [],
    }


def _things(pret: Pret) -> dict[str, Any]:
    materiel = pret.materiel
    line = {
        "inventaire": materiel.inventaire or "–",
        "nom": materiel.nom,
        "nombre": pret.quantite,
        "valeur": float(materiel.valeur_remplacement or 0),
        "accessoires": [
            {"nom": one.nom, "nombre": one.nombre, "valeur": float(one.valeur or 0)}
            for one in materiel.accessoires.all()
        ],
    }
    detail = materiel.page.accroche
    return line | ({"detail": detail} if detail else {})


def _days(pret: Pret) -> Iterable[dict[str, str]]:
    days = [pret.date_debut + timedelta(days=n) for n in range(pret.nb_jours)]
    if len(days) <= JOURS_MAX:
        return [_day(pret, day) for day in days]
    between = {"jour": f"du {date_longue(days[1])} au {date_longue(days[-2])}", "matin": "Prêt", "apres-midi": "Prêt"}
    return [_day(pret, days[0]), between, _day(pret, days[-1])]


def _day(pret: Pret, day: date) -> dict[str, str]:
    line = {"jour": date_longue(day)}
    for key, moment in (("matin", Moment.MATIN), ("apres-midi", Moment.APRES_MIDI)):
        half = DemiJournee(day, moment)
        words = []
        if half == pret.debut:
            words.append(f"Remise{_at(pret.heure_remise)}")
        if half == pret.fin:
            words.append(f"Retour{_at(pret.heure_retour)}")
        line[key] = ", puis ".join(words) or ("Prêt" if pret.debut < half < pret.fin else "–")
    return line


def _at(at: time | None) -> str:
    return f" à {heure(at)}" if at else ""


def _annexes(pret: Pret) -> Iterable[str]:
    insurance = pret.emprunteur.papiers_de_pret.filter(remplace_par=None)
    for paper in [*pret.materiel.papiers.filter(remplace_par=None), *insurance]:
        until = f", jusqu’au {date_complete(paper.valable_jusqu_au)}" if paper.valable_jusqu_au else ""
        yield f"{capital(str(paper))}{until}."
