"""Sending the forms of the contract as a browser does, and reading what comes back."""

import io
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from collectivites import cles
from materiel.enums import Cote


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def photo(name="vue.jpg", size=(40, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def key(client, url):
    """The one-use key of a form that this person has just opened."""
    response = client.get(url)
    return next(
        part.split('value="')[1].split('"')[0]
        for part in response.content.decode().split("<input")
        if f'name="{cles.CHAMP}"' in part
    )


def answers(client, pret, genre="remise", **changes):
    """What the form holds once everything is seen in good state and both names are ticked."""
    form = client.get(reverse(f"materiel:{genre}", args=[pret.numero])).context["form"]
    data = {"cle": str(uuid4()), "nombre": len(form.lignes), "compteur": "1482,5", "carburant": "plein"}
    for line in form.lignes:
        data |= {f"{line.prefix}-nom": line["nom"].value(), f"{line.prefix}-prevu": line["prevu"].value()}
        data[f"{line.prefix}-etat"] = "bon"
    for cote in Cote:
        data |= {f"vu_{cote}": "on", f"nom_{cote}": form[f"nom_{cote}"].value() or "Quelqu’un"}
    return data | changes


def send(client, pret, genre="remise", **changes):
    url = reverse(f"materiel:{genre}", args=[pret.numero])
    return client.post(url, answers(client, pret, genre, **changes))
