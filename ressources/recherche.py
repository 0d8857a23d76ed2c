"""What the search knows of a resource: its sheet, and the text of the files that one would take today."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.apports import Entree
from extranet.lib.blocs import plain_text
from extranet.lib.feuillets import FICHIER, mark
from ressources.enums import Fiabilite, Source, StatutQuestion
from ressources.remplir.champs import with_labels

if TYPE_CHECKING:
    from ressources.models import QuestionReponse, RessourcePage

# Of a resource beside its peers: what the intercommunalité or a body of experts wrote, what nobody looks after.
OFFICIELLE, PERIMEE = 1.15, 0.5
# Short words, asked by somebody and read again by a responsable.
REPONSE = 1.1
# By the kind of the first file; that of the resources otherwise.
ICONES = {
    "pdf": "file-earmark-pdf",
    **dict.fromkeys(("docx", "odt", "rtf"), "file-earmark-word"),
    **dict.fromkeys(("xlsx", "ods", "csv"), "file-earmark-spreadsheet"),
}


def entree_ressource(page: "RessourcePage") -> Entree | None:
    """A published resource, for those of its diffusion; the pages of its first file come first."""
    photo = getattr(page, "photo", None)
    if not page.live or _is_ended(page):
        return None
    published = timezone.localdate(page.first_published_at) if page.first_published_at else None
    files = [version for fichier in page.fichiers.all() for version in fichier.courantes]
    texts = (mark(with_labels(version.texte), version.extension) for version in files)
    sheet = "\n".join([page.mots_cles, page.reference_texte, page.avant_adoption, plain_text(page.corps)]).strip()
    if photo is not None:
        place = photo.collectivite.nom if photo.collectivite_id else ""
        sheet = "\n".join(filter(None, [photo.description, photo.lieu, place, sheet]))
    reason = page.fiabilite
    boost = PERIMEE if reason in {Fiabilite.PERIME, Fiabilite.REMPLACE} else 1.0
    if page.source != Source.COMMUNE:
        boost *= OFFICIELLE
    return Entree(
        kind=page.genre,
        pk=page.pk,
        titre=page.title,
        url=page.url,
        detail=page.resume,
        texte=FICHIER.join(filter(None, [*texts, sheet])),
        theme=page.theme.nom,
        type=page.type.nom,
        commune=page.collectivite.nom,
        annee=page.annee,
        codes=tuple(page.diffusion),
        icone=ICONES.get(files[0].extension, "") if files else "",
        date=page.verifie_le or published,
        debut=page.go_live_at,
        fin=_fin(page),
        boost=boost,
    )


def entree_question(question: "QuestionReponse") -> Entree | None:
    """A question and its answer, for its readers; under a sheet, as long as that one is read."""
    page = None if question.elargie else question.page
    if question.statut != StatutQuestion.PUBLIEE or (page is not None and (not page.live or _is_ended(page))):
        return None
    return Entree(
        kind=question.genre,
        pk=question.pk,
        titre=question.question,
        url=question.get_absolute_url(),
        texte=question.reponse,
        theme=question.theme.nom,
        type="Question-réponse",
        annee=timezone.localdate(question.created_at).year,
        codes=question.codes,
        date=timezone.localdate(question.created_at),
        debut=page.go_live_at if page else None,
        fin=_fin(page) if page else None,
        boost=REPONSE,
    )


def _is_ended(page: "RessourcePage") -> bool:
    """A photo that people no longer agree to: nothing of its sheet, nor of what stands under it, is found."""
    photo = getattr(page, "photo", None)
    return photo is not None and photo.is_ended


def _fin(page: "RessourcePage") -> datetime | None:
    """When its readers stop reading it: its own end, or that of the agreement of whom it shows."""
    photo = getattr(page, "photo", None)
    return min(filter(None, [page.expire_at, photo.fin if photo else None]), default=None)
