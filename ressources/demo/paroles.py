"""What people say in the demo: questions and answers, documents asked for, « J’ai lu », reminders already sent."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.models import Theme
from notifications.audience import readers_of
from ressources.demo.notices import Listes, Notice
from ressources.demo.vie import dated, rows_of
from ressources.enums import EtapeRappel, GenreEchange, StatutDemande
from ressources.lectures import versions_to_read
from ressources.models import DemandeDocument, Echange, Lecture, Rappel, ReglagesRessources, RessourcePage, Soutien

if TYPE_CHECKING:
    from collectivites.demo import Monde

# Among its readers, how many have read what one asks them to; fewer of what is new.
LUS, LUS_RECENT = 0.7, 0.2
RECENT = timedelta(days=7)


def talk(listes: Listes, notices: dict[str, Notice]) -> None:
    monde = listes.monde
    _questions(listes, notices)
    _requests(listes, notices)
    _readings(monde, monde.tirage("lectures"))
    _reminders(monde, [notice.page for notice in notices.values()])


def _questions(listes: Listes, notices: dict[str, Notice]) -> None:
    monde, asked, answered = listes.monde, [], []
    for row in rows_of("echanges.csv"):
        page, days = notices[row["document"]].page, int(row["jours"])
        agent, place = listes.qui(row["qui"])
        word = Echange(
            page=page,
            genre=GenreEchange(row["genre"]),
            auteur=agent,
            collectivite=place,
            endroit=row["endroit"],
            texte=row["texte"],
        )
        asked.append((word, monde.instant(-days, "10:35")))
        if not row["reponse_de"]:
            continue
        agent, place = listes.qui(row["reponse_de"])
        moment = monde.instant(-days + 1, "8:50")
        answer = Echange(page=page, genre=word.genre, auteur=agent, collectivite=place, texte=row["reponse"])
        answered.append((word, answer, moment))
        if row["traite"]:
            word.traite_le, word.traite_par = moment, agent
    dated(asked)
    for word, answer, _ in answered:
        answer.reponse_a = word
    dated([(answer, moment) for _, answer, moment in answered])


def _requests(listes: Listes, notices: dict[str, Notice]) -> None:
    monde, themes = listes.monde, {theme.slug: theme for theme in Theme.objects.all()}
    requests, seconded = [], []
    for row in rows_of("demandes.csv"):
        agent, place = listes.qui(row["qui"])
        request = DemandeDocument(
            objet=row["objet"],
            precision=row["precision"],
            theme=themes[row["theme"]],
            auteur=agent,
            collectivite=place,
        )
        if row["reponse_de"]:
            page = notices[row["page"]].page if row["page"] else None
            request.statut = StatutDemande.POURVUE if page else StatutDemande.CLOSE
            request.page, request.reponse = page, row["reponse"]
            request.repondu_par = listes.qui(row["reponse_de"])[0]
            request.repondu_le = monde.instant(-int(row["reponse_jours"]), "16:20")
        moment = monde.instant(-int(row["jours"]), "14:10")
        requests.append((request, moment))
        for words in row["soutiens"].split():
            agent, place = listes.qui(words)
            seconded.append((request, agent, place, moment + timedelta(hours=3)))
    dated(requests)
    dated(
        [
            (Soutien(demande=request, agent=agent, collectivite=place), moment)
            for request, agent, place, moment in seconded
        ]
    )


def _readings(monde: "Monde", chance: Random) -> None:
    rows = []
    now = monde.instant(0)
    for version in versions_to_read().select_related("fichier__page").order_by("publiee_le"):
        share = LUS_RECENT if now - version.publiee_le < RECENT else LUS
        days = max(1, (monde.date - timezone.localdate(version.publiee_le)).days)
        for agent in readers_of(version.fichier.page.diffusion).exclude(pk=version.auteur_id).order_by("slug"):
            moment = monde.instant(-chance.randrange(days), f"{chance.randrange(8, 18)}:{chance.randrange(60):02d}")
            # The secretary of the story has it before her.
            if chance.random() < share and agent.email and agent.slug != "odile-vuillermet":
                rows.append((Lecture(version=version, agent=agent), moment))
    dated(rows)


def _reminders(monde: "Monde", pages: list[RessourcePage]) -> None:
    """Those of the dates that came before the day of the demo: veille does not mail them all the next morning."""
    soon = timedelta(days=ReglagesRessources.load().jours_rappel)
    rows = []
    for page in pages:
        when = page.a_verifier_avant
        if when is None or not page.live or when > monde.date + soon:
            continue
        steps = [EtapeRappel.AVANT, EtapeRappel.JOUR] if when <= monde.date else [EtapeRappel.AVANT]
        rows += [Rappel(page=page, echeance=when, etape=step) for step in steps]
    Rappel.objects.bulk_create(rows)
