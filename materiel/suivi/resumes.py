"""What is folded on the page of a thing, in a few words each: « quatre jours au plus, sans préavis »."""

from typing import TYPE_CHECKING, Any

from django import forms

from extranet.lib.francais import en_lettres, euros
from extranet.lib.typographie import space
from materiel.enums import Conducteur, Transport, TypePapier
from materiel.models import Categorie
from materiel.parc.categories import papiers_of

if TYPE_CHECKING:
    from materiel.forms.proposer import MaterielForm

COURTS = {
    Conducteur.SANS: "",
    Conducteur.POSSIBLE: "avec ou sans votre conducteur",
    Conducteur.OBLIGATOIRE: "avec votre conducteur",
}
# Where each field is folded.
CHAMPS = {
    "duree": {"duree_max_jours", "preavis_jours", "tampon_avant", "tampon_apres", "part_max", "accord_direct"},
    "usage": {"habilitations", "conducteur", "conducteur_nom", "tarif_conducteur", "prise_en_main", "consignes"},
    "prix": {"tarif_jour", "cout_jour", "valeur_remplacement", "caution", "transport", "prix_livraison", "carburant"},
    "mots": {"accroche", "description", "accessoires", "numeros", "unite", "inventaire", "contact", "horaires"},
}
# « une assurance », « un registre »: the words of the papers, as a list says them.
PAPIERS = {
    TypePapier.VGP: "rapport de vérification",
    TypePapier.REGISTRE_CTS: "extrait du registre de sécurité",
    TypePapier.ASSURANCE: "assurance",
    TypePapier.NOTICE: "notice",
    TypePapier.CARTE_GRISE: "carte grise",
    TypePapier.CONTROLE_TECHNIQUE: "contrôle technique",
    TypePapier.AUTRE: "autre papier",
}


def value_of(form: "MaterielForm", name: str) -> Any:
    """What the field holds now, cleaned; None for nothing or for what cannot be read."""
    bound = form[name]
    try:
        return bound.field.clean(bound.value())
    except (forms.ValidationError, TypeError, ValueError):
        return None


def duree(form: "MaterielForm") -> str:
    longest, notice = value_of(form, "duree_max_jours"), value_of(form, "preavis_jours")
    parts = [f"{en_lettres(longest)} jour{'s' if longest > 1 else ''} au plus"] if longest else []
    if notice:
        parts.append(f"{en_lettres(notice)} jour{'s ouvrés' if notice > 1 else ' ouvré'} de préavis")
    elif notice == 0:
        parts.append("sans préavis")
    kept = (value_of(form, "tampon_avant") or 0) + (value_of(form, "tampon_apres") or 0)
    if kept:
        parts.append(
            f"{en_lettres(kept)} jour{'s' if kept > 1 else ''} gardé{'s' if kept > 1 else ''} entre deux prêts"
        )
    return ", ".join(parts)


def usage(form: "MaterielForm") -> str:
    kinds = [str(one) for one in value_of(form, "habilitations") or []]
    minutes = value_of(form, "prise_en_main")
    driver = COURTS.get(value_of(form, "conducteur"), "")
    parts = [", ".join(kinds) if kinds else "tout agent de la commune", driver]
    parts.append(f"prise en main de {minutes} minutes" if minutes else "")
    return ", ".join(filter(None, parts))


def prix(form: "MaterielForm") -> str:
    price, fuel = value_of(form, "tarif_jour"), value_of(form, "carburant")
    transport = dict(Transport.choices).get(value_of(form, "transport"), "")
    parts = [f"{euros(price)} par jour" if price else "gratuit", f"carburant {fuel}" if fuel else "", transport]
    return ", ".join(filter(None, parts))


def papiers(categorie: Categorie | None) -> str:
    """Those that things of this kind have: « assurance et notice »."""
    words = [PAPIERS[kind] for kind, _ in papiers_of(categorie)] if categorie else []
    if not words:
        return "aucun papier demandé pour cette catégorie"
    *first, last = words
    return (
        f"{', '.join(first)} et {last} à joindre avant le premier prêt"
        if first
        else f"{last} à joindre avant le premier prêt"
    )


def mots(form: "MaterielForm") -> str:
    """What is said beyond the name: « description, trois accessoires »."""
    pieces = len([line for line in str(form["accessoires"].value() or "").splitlines() if line.strip()])
    described = form["accroche"].value() or ("description" in form.fields and form["description"].value())
    parts = [
        "description" if described else "",
        f"{en_lettres(pieces)} accessoire{'s' if pieces > 1 else ''}" if pieces else "",
    ]
    return ", ".join(filter(None, parts)) or "ce qui va avec, et qui s’en occupe"


def ouverts(form: "MaterielForm") -> dict[str, bool]:
    """The folds that hold something to correct."""
    wrong = set(form.errors) if form.is_bound else set()
    return {name: bool(wrong & fields) for name, fields in CHAMPS.items()}


def plis(form: "MaterielForm") -> dict[str, str]:
    """The muted line of each fold."""
    found = {"duree": duree(form), "usage": usage(form), "prix": prix(form), "papiers": papiers(form.choisie)}
    found["mots"] = mots(form)
    return {name: space(text) for name, text in found.items()}
