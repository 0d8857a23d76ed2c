"""What the lending holds about a person, and what is left of it once they are erased or merged.

What was signed or established by two collectivités keeps its names: conventions signed, états des lieux. The rest, in
which somebody may be named by the way, loses them.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.images import get_image_model
from wagtail.models import PageLogEntry, Revision

from collectivites.effacement import NOM
from extranet.lib.apports import Traitement
from extranet.lib.cherchable import reindex
from extranet.lib.stockage import store
from materiel.contrats.conventions import draw
from materiel.enums import EN_COURS
from materiel.installation import ATTENTE, COLLECTION
from materiel.models import (
    Besoin,
    Constat,
    Convention,
    Element,
    Engagement,
    Incident,
    LienAgenda,
    Materiel,
    MaterielPage,
    Message,
    Papier,
    Pret,
    Proposition,
    ReponseBesoin,
    Signature,
    Unite,
)
from materiel.parc.photos import waiting_of

if TYPE_CHECKING:
    from collectivites.models import Agent

MISSION = "Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)"

TRAITEMENTS = [
    Traitement(
        code="prets",
        intitule="Prêt de matériel entre collectivités",
        finalite=(
            "Proposer du matériel, le demander et y répondre, le remettre et le reprendre, dire qui appeler, compter "
            "l’entraide entre collectivités. Jamais classer ni évaluer les personnes."
        ),
        base_legale=MISSION,
        personnes=(
            "Personnes qui s’occupent d’un matériel, le demandent, le prêtent, le conduisent, le remettent ou le "
            "reprennent, et celles qui publient un besoin ou y répondent"
        ),
        donnees=(
            "Qui a proposé, demandé, accordé, conduit\u00a0; messages et photos échangés\u00a0; états des lieux, avec "
            "le nom des deux personnes présentes\u00a0; incidents et leur suite\u00a0; papiers déposés\u00a0; besoins "
            "et réponses\u00a0; adresses secrètes d’agenda, dont l’empreinte seule est gardée, et le jour de leur "
            "dernière lecture."
        ),
        source="Les personnes elles-mêmes, et celles de l’autre collectivité",
        destinataires=(
            "Les deux collectivités du prêt et les responsables du matériel. La personne qui s’occupe d’un matériel et "
            "les besoins\u00a0: toutes les collectivités. Les comptes de l’entraide sont montrés par collectivité, "
            "sans nom de personne."
        ),
        conservation=(
            "Les prêts et leurs états des lieux, tant que le service compte l’entraide. Une photo qu’aucune fiche ne "
            "montre, sept jours. À l’effacement d’une personne, son nom est retiré des messages, des demandes et des "
            "fiches, ses adresses d’agenda sont supprimées\u00a0; les états des lieux, établis entre deux "
            "collectivités, gardent le nom des personnes présentes."
        ),
    ),
    Traitement(
        code="conventions",
        intitule="Conventions de prêt et leurs signatures",
        finalite="Faire signer les conventions de prêt par qui en a le pouvoir, et pouvoir le prouver.",
        base_legale=MISSION,
        personnes="Maires, présidents, et personnes qui ont leur délégation\u00a0; conducteurs nommés",
        donnees=(
            "Nom, qualité, délégation, date et heure de la signature, manière dont la personne s’est identifiée, "
            "empreinte SHA-256 du PDF signé\u00a0; nom du conducteur\u00a0; copie de la convention signée à la main."
        ),
        source="Les personnes elles-mêmes, l’annuaire",
        destinataires="Les deux collectivités de la convention et les responsables du matériel.",
        conservation=(
            "Un acte signé engage les collectivités\u00a0: il est gardé entier, avec le nom de ses signataires, tant "
            "que la durée légale d’archivage l’exige, même après l’effacement d’une personne. Un projet que personne "
            "n’a signé perd son nom."
        ),
    ),
]

# Free words in which somebody may be named. Names in signatures and états des lieux are acts: not here.
TEXTES: dict[type[models.Model], tuple[str, ...]] = {
    Besoin: ("objet", "occasion"),
    Constat: ("remarque",),
    Convention: ("scan_nom", "copie_refus"),
    Element: ("note",),
    Engagement: ("motif",),
    Incident: ("description", "suite"),
    Materiel: ("lieu", "horaires", "carburant", "consignes"),
    Message: ("texte",),
    Papier: ("libelle", "nom"),
    Pret: ("usage", "lieu_usage", "motif"),
    Proposition: ("mot",),
    ReponseBesoin: ("mot",),
    Unite: ("note",),
}
# Who stands in a row.
LIENS: list[tuple[type[models.Model], str]] = [
    (Besoin, "auteur"),
    (Constat, "agent_emprunteur"),
    (Constat, "agent_preteur"),
    (Constat, "auteur"),
    (Convention, "copie_par"),
    (Convention, "preparee_par"),
    (Engagement, "auteur"),
    (Incident, "ouvert_par"),
    (LienAgenda, "agent"),
    (Materiel, "conducteur_nom"),
    (Materiel, "contact"),
    (Message, "auteur"),
    (Papier, "depose_par"),
    (Pret, "conducteur"),
    (Pret, "demandeur"),
    (Pret, "reponse_par"),
    (Proposition, "auteur"),
    (ReponseBesoin, "auteur"),
    (Signature, "agent"),
]


def held_about(agent: "Agent") -> dict[str, Any]:
    """Ready for JSON. The fingerprint of a secret address is not given: it says nothing of the person."""
    by, of_loan = {"auteur": agent}, "pret__numero"
    present = Q(agent_preteur=agent) | Q(agent_emprunteur=agent) | Q(auteur=agent)
    loan = ("numero", "materiel__page__title", "usage", "statut", "date_debut", "date_fin")
    return {
        "materiels_suivis": _rows(Materiel, Q(contact=agent) | Q(conducteur_nom=agent), "page__title", "statut"),
        "prets_demandes": _rows(Pret, {"demandeur": agent}, *loan, "lieu_usage", "reglement_accepte_le", "created_at"),
        "prets_repondus": _rows(Pret, {"reponse_par": agent}, "numero", "statut", "motif", "accepte_le"),
        "prets_conduits": _rows(Pret, {"conducteur": agent}, *loan),
        "propositions": _rows(Proposition, by, of_loan, "mot", "statut", "created_at"),
        "messages_de_prets": _rows(Message, by, of_loan, "texte", "photo", "created_at"),
        "etats_des_lieux": _rows(
            Constat, present, of_loan, "type", "nom_preteur", "nom_emprunteur", "nom_conducteur", "remarque", "fait_le"
        ),
        "incidents": _rows(Incident, {"ouvert_par": agent}, of_loan, "nature", "description", "suite", "created_at"),
        "signatures": _rows(
            Signature,
            {"agent": agent},
            "convention__numero",
            "nom",
            "qualite",
            "delegation",
            "preuve",
            "sha256",
            "signee_le",
        ),
        "conventions_preparees": _rows(Convention, {"preparee_par": agent}, "numero", "created_at"),
        "copies_deposees": _rows(Convention, {"copie_par": agent}, "numero", "scan_nom"),
        "papiers_deposes": _rows(Papier, {"depose_par": agent}, "type", "libelle", "nom", "created_at"),
        "dates_gardees": _rows(Engagement, by, "materiel__page__title", "nature", "motif", "created_at"),
        "besoins": _rows(Besoin, by, "objet", "occasion", "statut", "created_at"),
        "reponses_aux_besoins": _rows(ReponseBesoin, by, "besoin__objet", "mot", "created_at"),
        "agendas": _rows(LienAgenda, {"agent": agent}, "collectivite__nom", "created_at", "revoque_le", "lu_le"),
    }


def _rows(model: type[models.Model], whose: dict[str, Any] | Q, *fields: str) -> list[dict[str, Any]]:
    found = model.objects.filter(whose if isinstance(whose, Q) else Q(**whose))
    words = [
        field.replace("materiel__page__title", "materiel")
        .replace("page__title", "materiel")
        .replace("__numero", "")
        .replace("__nom", "")
        .replace("__objet", "")
        for field in fields
    ]
    rows = found.order_by("pk").values_list(*fields)
    return [{word: _plain(value) for word, value in zip(words, row, strict=True)} for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def erase(agent: "Agent") -> None:
    """What was theirs alone goes; what two collectivités agreed stays, without their name where nothing was signed.

    The row of the agent says « Personne effacée » of what they asked, answered or handed over.
    """
    LienAgenda.objects.filter(agent=agent).delete()
    for photo in waiting_of(agent):
        photo.delete()
    cared = list(Materiel.objects.filter(contact=agent).values_list("page", flat=True))
    Materiel.objects.filter(contact=agent).update(contact=None)
    Materiel.objects.filter(conducteur_nom=agent).update(conducteur_nom=None)
    Pret.objects.filter(conducteur=agent, statut__in=EN_COURS).update(conducteur=None)
    name = agent.nom_complet
    touched = [*cared, *_blank_texts(name)]
    _blank_drafts(name)
    _blank_revisions(name)
    _blank_pages(name)
    reindex(MaterielPage.to_index().filter(pk__in=touched))


def _blank_texts(name: str) -> list[int]:
    """Returns the pages of the things whose words have changed."""
    touched = []
    for model, fields in TEXTES.items():
        for field in fields:
            longest = model._meta.get_field(field).max_length
            for row in model.objects.filter(**{f"{field}__contains": name}):
                said = getattr(row, field).replace(name, NOM)[:longest]
                model.objects.filter(pk=row.pk).update(**{field: said})
                touched += [row.page_id] if model is Materiel else []
    return touched


def _mentions(name: str, *columns: str) -> Q:
    """Rows whose JSON holds the name: SQLite keeps its accents escaped."""
    asked = Q()
    for column in columns:
        asked |= Q(**{f"{column}__contains": name}) | Q(**{f"{column}__contains": json.dumps(name)[1:-1]})
    return asked


def _without(value: object, name: str) -> Any:
    match value:
        case str():
            return value.replace(name, NOM)
        case list():
            return [_without(item, name) for item in value]
        case dict():
            return {key: _without(item, name) for key, item in value.items()}
    return value


def _blank_drafts(name: str) -> None:
    """Conventions that nobody signed are drawn again without the name, under another fingerprint."""
    drafts = Convention.objects.filter(signatures=None).annotate(texte=Cast("donnees", TextField()))
    for draft in drafts.filter(_mentions(name, "texte")):
        storage, former = draft.file.storage, draft.file.name
        draft.donnees = _without(draft.donnees, name)
        content = draw(draft)
        draft.sha256 = hashlib.sha256(content).hexdigest()
        store(draft.file, ContentFile(content), "pdf")
        draft.save(update_fields=["donnees", "sha256", "file"])
        transaction.on_commit(lambda storage=storage, former=former: storage.delete(former))


def _blank_pages(name: str) -> None:
    pages = MaterielPage.objects.annotate(texte=Cast("corps", TextField()), vues=Cast("photos", TextField()))
    for page in pages.filter(_mentions(name, "title", "draft_title", "accroche", "texte", "vues")):
        for field in ("title", "draft_title", "accroche"):
            longest = MaterielPage._meta.get_field(field).max_length
            setattr(page, field, getattr(page, field).replace(name, NOM)[:longest])
        for field in ("corps", "photos"):
            said = getattr(page, field)
            setattr(page, field, StreamValue(said.stream_block, _without(list(said.raw_data), name), is_lazy=True))
        page.save(clean=False)
    things = MaterielPage.objects.order_by().values("pk")
    for line in PageLogEntry.objects.filter(page__in=things, label__contains=name):
        PageLogEntry.objects.filter(pk=line.pk).update(label=line.label.replace(name, NOM))


def _blank_revisions(name: str) -> None:
    """An old draft must not bring back who is gone. The texts of a page are JSON inside the JSON of its revision."""
    kind = ContentType.objects.get_for_model(MaterielPage)
    revisions = Revision.objects.filter(content_type=kind).annotate(texte=Cast("content", TextField()))
    once = json.dumps(name)[1:-1]
    twice = json.dumps(once)[1:-1]
    for revision in revisions.filter(_mentions(name, "texte") | Q(texte__contains=twice)):
        content = {
            key: value.replace(once, NOM) if isinstance(value, str) else value
            for key, value in _without(revision.content, name).items()
        }
        Revision.objects.filter(pk=revision.pk).update(
            content=content, object_str=revision.object_str.replace(name, NOM)
        )


def merge(garde: "Agent", retire: "Agent") -> None:
    """What `retire` did is now of `garde`, whose own secret address of a commune wins where both had one."""
    kept = LienAgenda.objects.filter(agent=garde, revoque_le=None).values("collectivite")
    mine = LienAgenda.objects.filter(agent=retire, revoque_le=None, collectivite__in=kept)
    mine.update(revoque_le=timezone.now())
    cared = list(Materiel.objects.filter(contact=retire).values_list("page", flat=True))
    for model, holder in LIENS:
        model.objects.filter(**{holder: retire}).update(**{holder: garde})
    images = get_image_model().objects.filter(uploaded_by_user=retire, collection__name__in=[ATTENTE, COLLECTION])
    images.update(uploaded_by_user=garde)
    reindex(MaterielPage.to_index().filter(pk__in=cared))
