"""Depositing a model: looked into as it arrives, proposed as one, refused with what is to be mended and where."""

import pytest
from django.urls import reverse

from ressources.models import ModeleARemplir, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.remplir.modeles import make_modele, open_text, paragraphs, word
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

BON = word(
    "Délibération du conseil municipal sur le budget", "Le conseil {{ de_commune }} compte {{ conseillers }} élus."
)
MAUVAIS = word("Délibération du conseil municipal", "Le {{ date_consil }}", entete="{{ commune.__class__ }}")


@pytest.fixture
def alain(distribution: Distribution) -> Deposant:
    return Deposant(open_session(distribution.agent_a))


def said(alain: Deposant) -> str:
    return alain.client.get(alain.page).content.decode().replace("\u00a0", " ")


def kinds(alain: Deposant) -> dict[str, object]:
    line = alain.lines[0]
    return {f"f{line.pk}-theme": line.theme_propose_id or 1, f"f{line.pk}-type": line.type_propose_id or 1}


@pytest.mark.parametrize(("nom", "content"), [("b.docx", BON), ("b.odt", open_text(paragraphs("{{ commune }}")))])
def test_a_model_is_proposed_as_one(alain: Deposant, nom: str, content: bytes) -> None:
    alain.drop(nom, content)
    line = alain.lines[0]
    html = said(alain)
    assert "reconnu" in html
    assert f'name="f{line.pk}-modele"' in html
    more = kinds(alain) | {f"f{line.pk}-titre": "Délibération du budget", f"f{line.pk}-modele": "on"}
    assert alain.send(**more).status_code == 302
    modele = ModeleARemplir.objects.get()
    assert modele.codes == line.controle["champs"]
    assert RessourcePage.objects.get().a_remplir


def test_what_is_to_be_mended_is_named_with_its_place(alain: Deposant) -> None:
    alain.drop("m.docx", MAUVAIS)
    line = alain.lines[0]
    html = said(alain)
    assert "« {{ date_consil }} », paragraphe 2 : ce champ n’existe pas. Vouliez-vous « {{ date_conseil }} » ?" in html
    assert "« {{ commune.__class__ }} », en-tête : ce n’est pas un champ" in html
    more = kinds(alain) | {f"f{line.pk}-titre": "Délibération"}
    response = alain.send(**more, **{f"f{line.pk}-modele": "on"})
    assert response.status_code == 200
    assert "n’est pas encore un modèle" in response.content.decode()
    assert not VersionFichier.objects.exists()
    assert alain.send(**more).status_code == 302  # as a document like another
    assert not ModeleARemplir.objects.exists()


def test_a_plain_document_is_asked_nothing(alain: Deposant) -> None:
    alain.drop("b.docx", word("Délibération du conseil municipal, sans champ"))
    assert alain.lines[0].controle == {}
    assert "modele" not in said(alain).split('id="plis"')[1].split("</form>")[0]


def test_a_new_version_is_looked_into_again(distribution: Distribution, alain: Deposant) -> None:
    page = make_ressource("Courrier", owner=distribution.agent_a, collectivite=distribution.a)
    first = make_modele(word("{{ commune }}"), page=page)
    make_version(page.fichiers.get(), contenu=word("sans champ"), nom="b.docx")
    alain.client.get(alain.page)
    key = alain.client.get(page.url).content.decode().split('name="cle_unique" value="')[1].split('"')[0]
    response = alain.client.post(reverse("ressources:version_create", args=[page.pk]), {"cle_unique": key})
    alain.key = response["Location"].rstrip("/").split("/")[-1]
    alain.drop("b.docx", BON)
    line = alain.lines[0]
    assert alain.send(**{f"f{line.pk}-modele": "on", f"f{line.pk}-changements": "Le budget"}).status_code == 302
    last = VersionFichier.objects.latest("numero")
    assert last.modele.codes == ["de_commune", "conseillers"]
    assert first.modele.codes == ["commune"]
