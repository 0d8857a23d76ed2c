"""Names that hide something, as a request carries them: each is refused with its own sentence, and leaves nothing."""

import uuid

import pytest
from django.http import HttpResponse
from django.test import Client

from ressources.models import FichierDepose
from tests.distribution import Distribution
from tests.ressources.deposes import files_on_disk
from tests.sessions import open_session

FRONTIER = "frontiere"
PETIT, GRAND = b"Une ligne de texte.\n", b"Une ligne de texte.\n" * 200_000


def post(client: Client, *names: str, content: bytes = PETIT) -> HttpResponse:
    """The bytes of the form, which no client cleans."""
    parts = [
        f'--{FRONTIER}\r\nContent-Disposition: form-data; name="fichiers"; filename="{name}"\r\n'
        "Content-Type: text/plain\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name in names
    ]
    end = f'--{FRONTIER}\r\nContent-Disposition: form-data; name="fin"\r\n\r\n1\r\n--{FRONTIER}--\r\n'.encode()
    return client.post(
        f"/ressources/deposer/{uuid.uuid4()}/fichier/",
        b"".join(parts) + end,
        content_type=f"multipart/form-data; boundary={FRONTIER}",
        headers={"HX-Request": "true"},
    )


@pytest.mark.parametrize("content", [PETIT, GRAND], ids=["en memoire", "sur le disque"])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../../etc/plan.txt", "contient un chemin de dossier. Envoyez le fichier sous son seul nom."),
        ("C:\\\\docs\\\\plan.txt", "contient un chemin de dossier. Envoyez le fichier sous son seul nom."),
        ("plan\u202etxt.txt", "contient un caractère qui inverse le sens de lecture"),
        ("plan\u0007.txt", "contient un caractère invisible. Renommez le fichier"),
        ("a" * 296 + ".txt", "compte 300 caractères. Raccourcissez-le à 200 au plus."),
        ("CON.txt", "est un nom réservé par Windows"),
    ],
    ids=["chemin", "chemin Windows", "sens de lecture", "invisible", "long", "reserve"],
)
def test_a_bad_name_is_refused_over_http(distribution: Distribution, name: str, sentence: str, content: bytes) -> None:
    before = files_on_disk()
    answer = post(open_session(distribution.agent_a), name, content=content).content.decode()
    (line,) = FichierDepose.objects.all()
    assert line.etat == "refuse"
    assert sentence in line.motif.replace("\u00a0", " ")
    assert sentence in answer.replace("\u00a0", " ").replace("&#x27;", "'")
    assert files_on_disk() == before


def test_each_file_of_a_request_has_its_own_name(distribution: Distribution) -> None:
    post(open_session(distribution.agent_a), "../plan.txt", "délibération.txt")
    states = dict(FichierDepose.objects.values_list("nom", "etat"))
    assert states == {"plan.txt": "refuse", "délibération.txt": "pret"}


def test_the_other_fields_come_as_before(distribution: Distribution) -> None:
    response = post(open_session(distribution.agent_a), "note.txt")
    request = response.wsgi_request
    assert (request.POST["fin"], list(request.POST), list(request.FILES)) == ("1", ["fin"], ["fichiers"])
    assert request.FILES["fichiers"].nom_envoye == "note.txt"
