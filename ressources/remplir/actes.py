"""Acts on a model: marking a version, keeping what a collectivité says once, filling a copy for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.journal import record
from ressources.models import ModeleARemplir, ValeurGardee, VersionFichier
from ressources.remplir import docx, odt
from ressources.remplir.champs import PAR_CODE, Champ, Source, asked_for, find
from ressources.remplir.conseil import effectif_en_mots
from ressources.remplir.controle import Controle, examine, look
from ressources.remplir.ecriture import BLANC, Saisie, by_name, complete, written
from ressources.remplir.fiche import card_of
from ressources.remplir.formats import DOCX, Modele
from ressources.remplir.identite import sign
from ressources.remplir.noms import title_for
from ressources.remplir.paquet import ModeleIllisible, Paquet

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

CHANGE = "Ce modèle n’est plus celui qui a été vérifié. Prévenez la personne référente de la fiche."


@dataclass(frozen=True)
class Demande:
    """What a model needs for a collectivité: what its card says, what it has kept, what is left to ask."""

    champs: list[Champ]
    fiche: dict[str, str]
    gardees: dict[str, ValeurGardee]
    # By code, what helps to answer for this collectivité.
    aides: dict[str, str]

    @classmethod
    def of(cls, version: VersionFichier, place: "Collectivite", agent: "Agent") -> "Demande":
        """Four queries at most. The card wins over what was kept while it said nothing."""
        champs = asked_for(version.modele.codes)
        card = card_of(place, agent)
        kept = ValeurGardee.objects.filter(collectivite=place, champ__in=[champ.code for champ in champs])
        aides = {"conseillers": effectif_en_mots(place)}
        return cls(champs, card, {one.champ: one for one in kept.select_related("modifie_par")}, aides)

    @property
    def connus(self) -> list[tuple[Champ, str]]:
        """What the card says of it, in words."""
        said = (champ for champ in self.champs if champ.source == Source.FICHE and champ.code in self.fiche)
        return [(champ, self.fiche[champ.code]) for champ in said]

    @property
    def a_garder(self) -> list[Champ]:
        """What stays true for the collectivité, that its card does not say."""
        return [one for one in self.champs if one.source != Source.JOUR and one.code not in self.fiche]

    @property
    def du_jour(self) -> list[Champ]:
        return [one for one in self.champs if one.source == Source.JOUR]

    def values(self, saisies: Mapping[str, Saisie]) -> dict[str, str]:
        """By code, all that can be written. What nobody said is not there."""
        said = {code: written(PAR_CODE[code], value) for code, value in saisies.items()}
        known = {code: value for code, value in said.items() if value}
        return complete(known | self.fiche, saisies)


@transaction.atomic
def keep(place: "Collectivite", demande: Demande, saisies: Mapping[str, Saisie], agent: "Agent") -> int:
    """Writes what changed, with who said it; an emptied answer is forgotten. Returns how many changed."""
    changed = 0
    for champ in demande.a_garder:
        value, before = str(saisies.get(champ.code) or ""), demande.gardees.get(champ.code)
        if value == (before.valeur if before else ""):
            continue
        row = {"collectivite": place, "champ": champ.code}
        if value:
            ValeurGardee.objects.update_or_create(**row, defaults={"valeur": value, "modifie_par": agent})
        else:
            ValeurGardee.objects.filter(**row).delete()
        changed += 1
        acte = "valeur_gardee.donnee" if value else "valeur_gardee.oubliee"
        record(acte, ValeurGardee(**row), agent=agent, collectivite=place, libelle=champ.libelle, champ=champ.code)
    return changed


def filled(version: VersionFichier, values: Mapping[str, str], place: "Collectivite") -> bytes:
    """The file of that version with these values, said to be of that collectivité; what is not known is left to be
    completed by hand.

    Raises ModeleIllisible when the file is not the one that was checked.
    """
    modele = opened(version)
    sign(modele, title_for(version, place), place.nom)
    names = set(modele.balises())
    texts = by_name(names, {find(name).code: BLANC for name in names} | dict(values))
    return (docx if modele.format == DOCX else odt).fill(modele, texts)


def opened(version: VersionFichier) -> Modele:
    """Looked into again: what a template holds is never taken on trust."""
    with version.file.open("rb") as content:
        modele = Modele.of(Paquet.lu(content), version.extension)
    if not look(modele).is_modele:
        raise ModeleIllisible(CHANGE)
    return modele


def checked(version: VersionFichier) -> Controle:
    """Of a version already there. Raises ModeleIllisible, and FileNotFoundError when the storage has lost it."""
    with version.file.open("rb") as content:
        return examine(content, version.extension)


@transaction.atomic
def mark(version: VersionFichier, agent: "Agent") -> Controle:
    """From now on, it fills itself in, unless something in it is to be mended: what is found is returned."""
    controle = checked(version)
    if controle.is_modele:
        row, made = ModeleARemplir.objects.get_or_create(
            version=version, defaults={"champs": controle.champs, "marque_par": agent}
        )
        if made:
            _told("version.modele", version, agent)
    return controle


@transaction.atomic
def unmark(version: VersionFichier, agent: "Agent") -> None:
    """A document like another again; what communes have kept stays theirs."""
    if ModeleARemplir.objects.filter(version=version).delete()[0]:
        _told("version.modele_retire", version, agent)


def _told(acte: str, version: VersionFichier, agent: "Agent") -> None:
    page = version.fichier.page
    said = f"{page.title}, version {version.numero}"
    record(acte, version, agent=agent, collectivite=page.collectivite, libelle=said)
