"""What leaves the library: archives, tables, feeds, links without account."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from collectivites.models import Agent
from ressources.emporter import liens as flux
from ressources.emporter import lots
from ressources.models import LienPartage, RessourcePage
from ressources.partages import liens
from tests.ressources.factories import fetch

Way = Callable[[Client, object], str]


def _reader(client: Client) -> Agent | None:
    pk = client.session.get("_auth_user_id")
    return Agent.objects.get(pk=pk) if pk else None


def _unpacked(data: bytes) -> str:
    """Names and contents; of a table, its cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join([*packed.namelist(), *(packed.read(name).decode("latin-1") for name in packed.namelist())])


def _given(client: Client, address: str) -> str:
    response = fetch(client, address)
    return _unpacked(response.data) if response.data.startswith(b"PK") else response.data.decode()


def archive(client: Client, hidden: object) -> str:
    """A lot that held it, prepared when its reader could see it."""
    agent = _reader(client)
    if agent is None:
        return ""
    lot = lots.create(agent, "Documents choisis", [type(hidden.version).objects.get(pk=hidden.version.pk)])
    lots.prepare(lot)
    page = client.get(f"/ressources/emporter/{lot.pk}/").content.decode()
    return page + _given(client, f"/ressources/emporter/{lot.pk}/archive.zip")


def theme_feed(client: Client, hidden: object) -> str:
    agent = _reader(client)
    jeton = flux.create(agent, hidden.page.theme) if agent else "jamais"
    return Client().get(f"/ressources/flux/{jeton}.atom").content.decode()


def review_dates(client: Client, hidden: object) -> str:
    """With a date that would be there, and its reader as the one who looks after nothing of it."""
    agent = _reader(client)
    RessourcePage.objects.filter(pk=hidden.page.pk).update(a_verifier_avant=timezone.localdate())
    jeton = flux.create(agent) if agent else "jamais"
    return Client().get(f"/ressources/flux/{jeton}.ics").content.decode()


def link(client: Client, hidden: object) -> str:
    """One that its keeper had made while the sheet was open to all."""
    jeton = f"jeton-{timezone.now().timestamp()}"
    LienPartage.objects.create(
        version=hidden.version,
        auteur=hidden.page.owner,
        collectivite=hidden.page.collectivite,
        empreinte=liens.fingerprint(jeton),
        expire_le=timezone.now() + timedelta(days=7),
    )
    shown = Client().get(f"/partage/{jeton}/").content.decode()
    response = Client().post(f"/partage/{jeton}/")
    return shown + b"".join(response if response.streaming else [response.content]).decode("latin-1")


def forms(client: Client, hidden: object) -> str:
    pk = hidden.page.pk
    return "".join(client.get(f"/ressources/{pk}/{name}/").content.decode() for name in ("envoyer", "partager"))


EMPORTEES: dict[str, Way] = {
    "emporter": lambda client, hidden: client.get(f"/ressources/emporter/?fiche={hidden.page.pk}").content.decode(),
    "emporter ses favoris": lambda client, hidden: client.get("/ressources/emporter/?favoris=1").content.decode(),
    "compte à emporter": lambda client, hidden: client.get(
        f"/ressources/emporter/compte/?fiche={hidden.page.pk}"
    ).content.decode(),
    "tableau": lambda client, hidden: _given(client, "/ressources/emporter/tableau.xlsx"),
    "archive": archive,
    "flux d’un thème": theme_feed,
    "dates de vérification": review_dates,
    "lien sans compte": link,
    "liens partagés": lambda client, hidden: client.get("/ressources/partages/").content.decode(),
    "envoyer, partager": forms,
}
