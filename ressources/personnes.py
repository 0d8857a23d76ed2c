"""What the resources hold about a person, and what is left of it once they are erased or merged."""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision

from collectivites.effacement import NOM
from extranet.lib.apports import Traitement
from extranet.lib.cherchable import reindex
from ressources.models import (
    Avis,
    DemandeDocument,
    Depot,
    Echange,
    Favori,
    Lecture,
    LienFlux,
    LienPartage,
    Lot,
    ModeleARemplir,
    Photo,
    QuestionReponse,
    Reprise,
    RessourcePage,
    Soutien,
    Telechargement,
    ValeurGardee,
    VersionFichier,
)

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

MISSION = "Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)"

TRAITEMENTS = [
    Traitement(
        code="ressources",
        intitule="Documents partagés et échanges",
        finalite=(
            "Partager des documents entre collectivités, dire à qui s’adresser à leur sujet, répondre aux questions."
        ),
        base_legale=MISSION,
        personnes="Personnes qui déposent, vérifient, suivent ou demandent un document, et celles qui en parlent",
        donnees=(
            "Auteur, personne référente et personne qui a vérifié chaque document\u00a0; questions, retours, "
            "erreurs signalées et remarques de relecture\u00a0; réponses publiées pour tous, sans nom ni commune, avec "
            "la personne qui les a publiées et l’échange d’où elles viennent\u00a0; communes qui utilisent un "
            "document, avec un numéro à appeler si elles le donnent\u00a0; demandes de documents\u00a0; "
            "documents gardés et note personnelle, avis «\u00a0utile\u00a0»\u00a0; ce qu’une collectivité fait écrire "
            "dans ses modèles, dont le nom de son maire s’il n’est pas à l’annuaire, et qui l’a donné."
        ),
        source="Les personnes elles-mêmes",
        destinataires=(
            "Les lecteurs de chaque document\u00a0; d’une question sur un thème, les agents et élus en poste. Une "
            "erreur, une remarque de relecture\u00a0: qui suit le document et les responsables. Un document gardé, sa "
            "note, un avis\u00a0: la personne seule."
        ),
        conservation=(
            "Tant que le document est en ligne ou archivé. Un dépôt inachevé, trente jours. À l’effacement d’une "
            "personne, son nom et son numéro sont retirés, ses documents gardés, ses notes et ses avis effacés."
        ),
    ),
    Traitement(
        code="phototheque",
        intitule="Photos et accord des personnes",
        finalite="Ne montrer une photo que tant que les personnes qu’elle montre en sont d’accord.",
        base_legale="Consentement des personnes photographiées (RGPD, art. 6.1.a)",
        personnes="Personnes reconnaissables sur une photo, parents des mineurs, auteurs des photos",
        donnees=(
            "Photo, lieu et jour de la prise de vue, description\u00a0; qui a donné son accord, comment, jusqu’à "
            "quand\u00a0; crédit. La position et l’appareil, écrits dans le fichier, sont effacés à la réception."
        ),
        source="Les personnes qui déposent les photos",
        destinataires=(
            "Les lecteurs de la photo. Qui a donné son accord et comment\u00a0: ceux qui s’occupent de la fiche."
        ),
        conservation=(
            "Une photo ne se montre plus dès que l’accord finit ou est retiré\u00a0; son fichier reste à ceux qui "
            "s’occupent de la fiche, qui peuvent l’archiver."
        ),
    ),
    Traitement(
        code="telechargements",
        intitule="Téléchargements et lectures suivies",
        finalite=(
            "Prévenir ceux qui ont pris un document qu’il est remplacé ou retiré\u00a0; relancer la lecture de "
            "quelques documents choisis. Jamais classer ni évaluer les personnes."
        ),
        base_legale=MISSION,
        personnes="Personnes qui téléchargent un document ou disent l’avoir lu",
        donnees=(
            "Version prise, vierge ou remplie, personne, collectivité, jour, et quand elle a été prévenue d’une "
            "autre\u00a0; version lue, personne, date."
        ),
        source="L’usage du service",
        destinataires=(
            "La personne elle-même\u00a0; l’auteur du document, la personne référente et les responsables des "
            "ressources. Les téléchargements leur sont montrés par commune."
        ),
        conservation=(
            "Les téléchargements, douze mois. Les lectures suivies, tant que la version existe. Le nom est retiré "
            "quand la personne est effacée."
        ),
    ),
]

# Free words in which somebody may be named.
TEXTES: dict[type[models.Model], tuple[str, ...]] = {
    DemandeDocument: ("objet", "precision", "reponse"),
    Echange: ("endroit", "citation", "texte"),
    Favori: ("note",),
    Photo: ("description", "lieu", "accord"),
    QuestionReponse: ("question", "reponse"),
    Reprise: ("mot",),
    RessourcePage: ("verifie_par", "credit"),
    ValeurGardee: ("valeur",),
    VersionFichier: ("changements", "motif_retrait"),
}
# Who holds a row, and what makes it the same as that of another.
LIENS: list[tuple[type[models.Model], str, tuple[str, ...]]] = [
    (Avis, "agent", ("page",)),
    (DemandeDocument, "auteur", ()),
    (DemandeDocument, "repondu_par", ()),
    (Depot, "auteur", ()),
    (Echange, "auteur", ()),
    (Echange, "traite_par", ()),
    (Favori, "agent", ("page",)),
    (Lecture, "agent", ("version",)),
    (QuestionReponse, "publiee_par", ()),
    (LienFlux, "agent", ()),
    (LienPartage, "auteur", ()),
    (LienPartage, "revoque_par", ()),
    (Lot, "agent", ()),
    (ModeleARemplir, "marque_par", ()),
    (Reprise, "agent", ()),
    (RessourcePage, "referent", ()),
    (Soutien, "agent", ("demande",)),
    (Telechargement, "agent", ("version", "collectivite", "jour")),
    (ValeurGardee, "modifie_par", ()),
    (VersionFichier, "auteur", ()),
]


def held_about(agent: "Agent") -> dict[str, Any]:
    """Ready for JSON. What was deposited is told by its title: the documents are those of a collectivité."""
    mine = {"agent": agent}
    title = "fichier__page__title"
    return {
        "ressources_suivies": _rows(RessourcePage, {"referent": agent}, "title", "a_verifier_avant"),
        "versions_deposees": _rows(VersionFichier, {"auteur": agent}, title, "numero", "nom", "created_at"),
        "telechargements": _rows(
            Telechargement,
            mine,
            *(f"version__{title}", "version__numero", "collectivite__nom", "jour", "rempli", "prevenu_le"),
        ),
        "modeles_marques": _rows(
            ModeleARemplir, {"marque_par": agent}, f"version__{title}", "version__numero", "marque_le"
        ),
        "valeurs_gardees": _rows(
            ValeurGardee, {"modifie_par": agent}, "collectivite__nom", "champ", "valeur", "modifie_le"
        ),
        "lectures": _rows(Lecture, mine, f"version__{title}", "version__numero", "created_at"),
        "favoris": _rows(Favori, mine, "page__title", "note", "created_at"),
        "avis": _rows(Avis, mine, "page__title", "utile", "created_at"),
        "utilisations": _rows(Reprise, mine, "page__title", "collectivite__nom", "mot", "telephone", "created_at"),
        "echanges": _rows(
            Echange,
            {"auteur": agent},
            "page__title",
            "theme__nom",
            "genre",
            "endroit",
            "texte",
            "retenue",
            "created_at",
        ),
        "echanges_traites": _rows(Echange, {"traite_par": agent}, "page__title", "theme__nom", "traite_le"),
        "questions_publiees": _rows(QuestionReponse, {"publiee_par": agent}, "question", "created_at"),
        "demandes": _rows(DemandeDocument, {"auteur": agent}, "objet", "precision", "statut", "created_at"),
        "demandes_repondues": _rows(DemandeDocument, {"repondu_par": agent}, "objet", "reponse", "repondu_le"),
        "demandes_soutenues": _rows(Soutien, mine, "demande__objet", "created_at"),
        "depots": _rows(Depot, {"auteur": agent}, "collectivite__nom", "created_at", "envoye_le"),
    }


def _rows(model: type[models.Model], whose: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
    rows = model.objects.filter(**whose).order_by("pk").values_list(*fields)
    words = [field.replace("fichier__page__title", "document").replace("page__title", "document") for field in fields]
    words = [word.removeprefix("version__").replace("__nom", "").replace("__objet", "") for word in words]
    return [{word: _plain(value) for word, value in zip(words, row, strict=True)} for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def erase(agent: "Agent") -> None:
    """What was theirs alone goes; what others read stays, without their name, their number or their care.

    Their downloads and readings stay counted: the row of the agent says « Personne effacée ».
    """
    Favori.objects.filter(agent=agent).delete()
    Avis.objects.filter(agent=agent).delete()
    Depot.objects.filter(auteur=agent, envoye_le=None).delete()
    Reprise.objects.filter(agent=agent).update(telephone="")
    RessourcePage.objects.filter(referent=agent).update(referent=None)
    name = agent.nom_complet
    for model, fields in TEXTES.items():
        for field in fields:
            for row in model.objects.filter(**{f"{field}__contains": name}).only("pk", field):
                said = getattr(row, field).replace(name, NOM)
                model.objects.filter(pk=row.pk).update(**{field: said})
                if model is QuestionReponse:
                    reindex(QuestionReponse.to_index().filter(pk=row.pk))
    named = Q(content__verifie_par__icontains=name) | Q(content__credit__icontains=name)
    for revision in _revisions().filter(named | Q(content__referent=agent.pk)):
        _put(revision, agent, None)


def merge(garde: "Agent", retire: "Agent") -> None:
    """What `retire` did is now of `garde`, whose own rows win where both had one."""
    for model, holder, same in LIENS:
        rows = model.objects.filter(**{holder: retire})
        if same:
            twin = {holder: garde, **{name: OuterRef(name) for name in same}}
            model.objects.filter(
                pk__in=list(rows.filter(Exists(model.objects.filter(**twin))).values_list("pk", flat=True))
            ).delete()
        model.objects.filter(**{holder: retire}).update(**{holder: garde})
    for model in (get_document_model(), get_image_model()):
        model.objects.filter(uploaded_by_user=retire).update(uploaded_by_user=garde)
    for revision in revisions_naming(retire):
        _put(revision, retire, garde)


def revisions_naming(agent: "Agent") -> models.QuerySet:
    """Drafts, old and new, of the sheets that they look after: a draft holds its referent in its content."""
    return _revisions().filter(content__referent=agent.pk)


def _revisions() -> models.QuerySet:
    return Revision.objects.filter(content_type=ContentType.objects.get_for_model(RessourcePage))


def _put(revision: Revision, agent: "Agent", other: "Agent | None") -> None:
    """An old draft must not bring back who is gone."""
    content = revision.content
    if content.get("referent") == agent.pk:
        content["referent"] = other.pk if other else None
    if other is None:
        for field in TEXTES[RessourcePage]:
            content[field] = content.get(field, "").replace(agent.nom_complet, NOM)
    revision.save(update_fields=["content"])


def revisions_of(place: "Collectivite") -> models.QuerySet:
    """Drafts of the sheets that it keeps: publishing one must not bring it back."""
    return _revisions().filter(content__collectivite=place.pk)


# What was said or taken for a collectivité keeps its name.
PASSES = ("demandedocument", "echange", "soutien", "telechargement", "versionfichier")


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """The sheets that it keeps, what it was depositing, the documents that it uses and the other does not."""
    RessourcePage.objects.filter(collectivite=retiree).update(collectivite=garde)
    Depot.objects.filter(collectivite=retiree, envoye_le=None).update(collectivite=garde)
    Photo.objects.filter(collectivite=retiree).update(collectivite=garde)
    for revision in revisions_of(retiree):
        revision.content["collectivite"] = garde.pk
        revision.save(update_fields=["content"])
    said = ValeurGardee.objects.filter(collectivite=garde).values_list("champ", flat=True)
    ValeurGardee.objects.filter(collectivite=retiree).exclude(champ__in=list(said)).update(collectivite=garde)
    used = Reprise.objects.filter(collectivite=garde).values_list("page", flat=True)
    Reprise.objects.filter(collectivite=retiree).exclude(page__in=list(used)).update(collectivite=garde)
