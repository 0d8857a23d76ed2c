"""News of the tests, with the files they use."""

from collectivites.diffusion import code_collectivite
from collectivites.models import Collectivite
from home.models import ActualitePage, ActualitesPage
from ressources.models import DocumentPrive, ImagePrivee


def news(
    collectivite: Collectivite,
    *,
    codes: list[str] | None = None,
    document: DocumentPrive | None = None,
    image: ImagePrivee | None = None,
    live: bool = True,
    title: str = "La balayeuse est de retour",
) -> ActualitePage:
    """A piece of news of `collectivite`, for its own agents unless told otherwise."""
    body = [("texte", "<p>Elle passe mardi.</p>")]
    if document is not None:
        body.append(("document", {"document": document, "titre": "", "detail": ""}))
    page = ActualitePage(
        title=title,
        chapeau="Elle passe mardi.",
        corps=body,
        illustration=image,
        collectivite=collectivite,
        diffusion=codes if codes is not None else [code_collectivite(collectivite.pk)],
        live=live,
    )
    return ActualitesPage.objects.get().add_child(instance=page)
