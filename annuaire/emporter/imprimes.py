"""The trombinoscope and the phone list: what their templates are given, and the PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import dateformat, timezone

from annuaire.emporter.lecture import Emport, Ligne
from annuaire.emporter.mots import counted, filters_of, place_of
from annuaire.forms.emporter import ImprimeForm
from annuaire.models import Astreinte, Photo
from collectivites.models import Collectivite, Territoire
from extranet.lib.francais import NBSP, telephone
from extranet.lib.noms import initiales
from extranet.lib.pdf import render
from extranet.lib.pdf_apart import render_apart
from extranet.lib.typographie import NB_HYPHEN

# Lines of one paper: past that, it comes in several volumes, and the machine keeps its memory.
TOME, TOME_TELEPHONES = 1500, 3000
# Past so many, a process apart: what typst remembers of a paper would stay in the server's.
APART = 100
# Longest words that the columns of the papers hold, in letters of a name and of what is under it.
NOM_MAX, MOT_MAX = 17, 21

Groupe = tuple[str, Collectivite | None, list[Ligne]]


def groups_of(emport: Emport, form: ImprimeForm) -> list[Groupe]:
    """Collectivités with their people, or letters with theirs."""
    if not form.par_nom:
        return [(place.nom, place, lines) for place, lines in emport.par_collectivite]
    by_letter = groupby(_joined(emport.lignes), lambda line: (line.nom_range[0] or "?")[0].upper())
    return [(letter, None, list(lines)) for letter, lines in by_letter]


def _joined(lines: Iterable[Ligne]) -> list[Ligne]:
    """One line by person and number: by name, two communes that have the same number are told together."""
    found: dict[tuple[int, str], Ligne] = {}
    for line in lines:
        key = (line.agent.pk, line.numero)
        known = found.get(key)
        found[key] = replace(known, postes=(*known.postes, *line.postes)) if known else line
    return list(found.values())


def volumes(groups: Sequence[Groupe], size: int) -> list[list[Groupe]]:
    """The groups cut in volumes of at most `size` lines; a group is cut only if it is longer than one."""
    found: list[list[Groupe]] = [[]]
    room = size
    for name, place, lines in groups:
        for start in range(0, len(lines), size):
            part = lines[start : start + size]
            if len(part) > room:
                found.append([])
                room = size
            found[-1].append((name, place, part))
            room -= len(part)
    return found


def span(volume: Sequence[Groupe]) -> str:
    """« d’Abergement-la-Ronce à Dole »: what a volume holds."""
    first, last = volume[0], volume[-1]
    if first[0] == last[0]:
        return first[0]
    return f"de {first[0]} à {last[0]}" if first[1] is None else f"{first[1].de_nom} {last[1].a_nom}"


def trombinoscope(emport: Emport, form: ImprimeForm, tome: int = 1) -> bytes:
    """The PDF of one volume. Raises RenduImpossible, and RenduOccupe when another one is being composed."""
    groups, which = _volume(emport, form, tome, TOME)
    lines = [line for _, _, ones in groups for line in ones]
    photos = photos_of(lines)
    data = _common(emport, form) | {
        "titre": form.cleaned_data["titre"] or title(emport),
        "sous-titre": ", ".join(filter(None, [counted(lines), which])),
        "groupes": [
            {"nom": name, "personnes": [_portrait(emport, form, line, photos) for line in ones]}
            for name, _, ones in groups
        ],
    }
    compose = render_apart if len(lines) > APART else render
    return compose("trombinoscope", data, images={str(pk): content for pk, content in photos.items()})


def phone_list(emport: Emport, form: ImprimeForm, tome: int = 1) -> bytes:
    """The PDF of one volume. Raises RenduImpossible, and RenduOccupe when another one is being composed."""
    groups, which = _volume(emport, form, tome, TOME_TELEPHONES)
    on_call, common = _on_call(emport), _common(emport, form)
    data = common | {
        "titre": form.cleaned_data["titre"] or phone_title(emport),
        "choix": ", ".join(filter(None, [common["choix"], which])),
        "urgences": _urgences(emport),
        "groupes": [
            {
                "nom": name,
                "telephone": telephone(place.telephone) if place else "",
                "personnes": [*on_call.get(place, []), *(_called(form, line) for line in lines)],
            }
            for name, place, lines in groups
        ],
    }
    compose = render_apart if sum(len(lines) for *_, lines in groups) > APART else render
    return compose("liste-telephone", data)


def _volume(emport: Emport, form: ImprimeForm, tome: int, size: int) -> tuple[list[Groupe], str]:
    """What that volume holds, and « tome 2 sur 4 »; a number out of range is the nearest one."""
    tomes = volumes(groups_of(emport, form), size)
    tome = min(max(tome, 1), len(tomes))
    return tomes[tome - 1], f"tome{NBSP}{tome} sur{NBSP}{len(tomes)}" if len(tomes) > 1 else ""


def title(emport: Emport) -> str:
    place = place_of(emport)
    return f"Qui est qui {place.a_nom}" if place else "Qui est qui dans nos mairies"


def phone_title(emport: Emport) -> str:
    place = place_of(emport)
    return f"Téléphones {place.de_nom}" if place else "Téléphones des mairies"


def photos_of(lines: Iterable[Ligne]) -> dict[int, bytes]:
    """By agent, the photos that print: without one, or with one that cannot be read, initials stand in its place."""
    people = {line.agent.pk for line in lines}
    found: dict[int, bytes] = {}
    for photo in Photo.objects.filter(agent__in=people).only("agent_id", "imprimable"):
        try:
            with photo.imprimable.open("rb") as written:
                content = written.read()
        except OSError:
            continue
        if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9"):
            found[photo.agent_id] = content
    return found


def _common(emport: Emport, form: ImprimeForm) -> dict[str, Any]:
    territoire, today = Territoire.load(), timezone.localdate()
    day = "1er" if today.day == 1 else str(today.day)
    who = territoire.designation or territoire.nom
    return {
        "service": {
            "nom": "L’Extranet des communes",
            "collectivite": who[:1].upper() + who[1:],
            "telephone": telephone(territoire.telephone),
            "adresse": settings.SITE_URL,
        },
        "papier": form.cleaned_data["papier"],
        "ordre": form.cleaned_data["ordre"],
        "a-jour": f"{day} {dateformat.format(today, 'F Y')}",
        "choix": ", ".join(map(str, filters_of(emport))),
    }


def _portrait(emport: Emport, form: ImprimeForm, line: Ligne, photos: dict[int, bytes]) -> dict[str, Any]:
    name = line.agent.nom_complet
    told = {
        "nom": name,
        "initiales": initiales(name),
        "fonction": line.fonction,
        "telephone": telephone(line.numero),
        "jours": _days(emport, line).replace("après-midi", f"après{NB_HYPHEN}midi"),
        "ou": _where(line) if form.par_nom else "",
    }
    if line.agent.pk in photos:
        told["photo"] = str(line.agent.pk)
    ratio = min(NOM_MAX / _longest(name), MOT_MAX / _longest(line.fonction), 1)
    return told | ({"serre": round(max(ratio, 0.4), 2)} if ratio < 1 else {})


def _where(line: Ligne) -> str:
    return ", ".join(dict.fromkeys(poste.collectivite.nom for poste in line.postes))


def _days(emport: Emport, line: Ligne) -> str:
    """« lun., mar. matin »; of several communes, « Aval : lun. Bourg : mar. matin »."""
    found: dict[str, list[str]] = {}
    for poste in line.postes:
        if days := emport.jours.get(poste.pk):
            found.setdefault(poste.collectivite.nom, []).append(days)
    if len({poste.collectivite_id for poste in line.postes}) < 2:
        return ", ".join(dict.fromkeys(day for days in found.values() for day in days))
    return " ; ".join(f"{place} : {', '.join(dict.fromkeys(days))}" for place, days in found.items())


def _longest(text: str) -> int:
    """Letters of its longest word: lines break at spaces and after hyphens."""
    return max([len(word) for word in text.replace("-", "- ").split()] or [1])


def _called(form: ImprimeForm, line: Ligne) -> dict[str, str]:
    agent = line.agent
    return {
        "nom": f"{agent.nom} {agent.prenom}" if form.par_nom else agent.nom_complet,
        "fonction": line.fonction,
        "telephone": telephone(line.numero),
        "ou": _where(line) if form.par_nom else "",
    }


def _on_call(emport: Emport) -> dict[Collectivite | None, list[dict[str, str]]]:
    """The numéros d’astreinte of the communes, at the head of their people; those of the EPCI are above all."""
    found: dict[Collectivite | None, list[dict[str, str]]] = {}
    for one in Astreinte.objects.visible_to(emport.agent).select_related("collectivite"):
        if not one.collectivite.is_epci:
            words = {"nom": one.libelle, "fonction": one.horaires, "telephone": telephone(one.telephone)}
            found.setdefault(one.collectivite, []).append(words)
    return found


def _urgences(emport: Emport) -> list[dict[str, str]]:
    territoire = Territoire.load()
    rows = [
        {"nom": ", ".join(filter(None, [one.libelle, one.horaires])), "telephone": telephone(one.telephone)}
        for one in Astreinte.objects.visible_to(emport.agent).select_related("collectivite")
        if one.collectivite.is_epci
    ]
    if territoire.telephone:
        hours = f", {territoire.horaires_aide}" if territoire.horaires_aide else ""
        rows.append({"nom": f"Aide sur l’extranet{hours}", "telephone": telephone(territoire.telephone)})
    return rows
