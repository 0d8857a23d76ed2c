"""The models of the demo that fill themselves in: their sheets, what some communes have said once, who took them."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from extranet.lib.apports import Traitement, collect
from extranet.lib.typographie import space
from ressources.demo.fabrique import ACTE_DOCX, ACTE_ODT, Commande
from ressources.demo.notices import NOTRE_AVERTISSEMENT, NOTRE_CREDIT, Etape, Listes, Notice
from ressources.demo.textes import MODELES, Partie, Texte
from ressources.enums import Source
from ressources.models import Telechargement, ValeurGardee, VersionFichier

if TYPE_CHECKING:
    from collectivites.demo import Monde

DOSSIER = MODELES / "a_remplir"
_FORMES = {"docx": ACTE_DOCX, "odt": ACTE_ODT}
# What a commune is asked once. Councillors: the number that the law gives for its population (CGCT, art. L. 2121-2).
GARDEES = {
    "odile-vuillermet@foucherans": {"conseillers": "19", "le_maire": "le maire"},
    "odile-vuillermet@gredisans": {"conseillers": "11", "le_maire": "le maire"},
    "pascale-guyon@tavaux": {"conseillers": "27", "le_maire": "le maire"},
}
PARTOUT = {
    "departement": "Jura",
    "tribunal": "Besançon",
    "controle_legalite": "la sous-préfecture de Dole",
    "lieu_conseil": "en mairie, salle du conseil",
}
PREMIERE = "deliberation"


def of_fillable(listes: Listes) -> Iterator[Notice]:
    for path in sorted(DOSSIER.glob("*.txt")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        pairs = (line.partition(":") for line in head.splitlines())
        yield _notice(listes, path.stem, {key.strip(): space(value.strip()) for key, _, value in pairs}, body)


def _notice(listes: Listes, cle: str, head: dict[str, str], body: str) -> Notice:
    agent, place = listes.qui(head["de"])
    moment = listes.moment(int(head["jours"]))
    page = listes.page(
        head["titre"],
        moment,
        resume=head["resume"],
        theme=listes.themes[head["theme"]],
        type=listes.types[head["type"]],
        collectivite=place,
        owner=agent,
        referent=agent,
        diffusion=listes.monde.codes("toutes"),
        source=Source.EPCI if place.is_epci else Source.COMMUNE,
        mots_cles=head.get("mots", ""),
        reference_texte=head.get("reference", ""),
        avant_adoption=head["adopter"].replace("|", "\n"),
        avertissement=NOTRE_AVERTISSEMENT,
        credit=NOTRE_CREDIT,
        a_remplir=True,
        live=True,
        verifie_par="Romain Cattin, juriste du Grand Dole",
        verifie_le=moment.date(),
        a_verifier_avant=listes.monde.jour(300),
    )
    texte = Texte(head["titre"], place.nom, "", "", (Partie("", space(body.replace("@traitements", register()))),))
    formes = head["formats"].split()
    etapes = [[Etape(Commande(texte, _FORMES[forme]), moment)] for forme in formes]
    noms = [f"Le modèle, pour {'Word' if forme == 'docx' else 'LibreOffice'}" for forme in formes]
    several = len(formes) > 1
    return Notice(f"a-remplir-{cle}", page, etapes, noms if several else [""], head["publics"].split())


@cache
def register() -> str:
    """The treatments of this very service, as its areas declare them: the sheet cannot say another thing."""
    return "\n".join(part for one in collect("traitements") for part in _sheet(one))


def _sheet(one: Traitement) -> list[str]:
    facts = {
        "Finalité": one.finalite,
        "Base légale": one.base_legale,
        "Personnes": one.personnes,
        "Données": one.donnees,
        "Source": one.source,
        "Destinataires": one.destinataires,
        "Conservation": one.conservation,
    }
    rows = [f"| {name} | {' '.join(said.split())}" for name, said in facts.items()]
    return [f"## {one.intitule}", "| Ce traitement | Ce qu’il en est", *rows]


def say(monde: "Monde", notices: dict[str, Notice]) -> None:
    """Three communes have answered once; two of them have taken the délibération, filled."""
    rows = []
    for who, values in GARDEES.items():
        poste = monde.poste(*who.split("@"))
        said = {"collectivite": poste.collectivite, "modifie_par": poste.agent}
        rows += [ValeurGardee(champ=code, valeur=value, **said) for code, value in (PARTOUT | values).items()]
    ValeurGardee.objects.bulk_create(rows)
    version = VersionFichier.objects.filter(fichier__page=notices[f"a-remplir-{PREMIERE}"].page).earliest("pk")
    for who, days in zip(GARDEES, (20, 12), strict=False):
        poste = monde.poste(*who.split("@"))
        Telechargement.objects.get_or_create(
            version=version,
            agent=poste.agent,
            collectivite=poste.collectivite,
            jour=monde.jour(-days),
            defaults={"rempli": True},
        )
