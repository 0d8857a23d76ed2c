"""Mails: subject, plain text and HTML drawn from one template."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from pytest_django import Settings

from extranet.lib.apports import Lien
from extranet.lib.emails import Rendu, build, render

CONTEXTE = {
    "territoire": {"nom": "Grand Val", "designation": "la communauté du Grand Val", "telephone": "03 53 01 00 00"},
    "agent": None,
    "transmettre_a": "",
    "titre": "Votre journée\u00a0: une nouvelle",
    "groupes": [
        {
            "espace": {"libelle": "Annuaire"},
            "lignes": [
                {"titre_complet": "Agnès & Paul <3", "url": "/annuaire/", "texte": "Deux arrivées", "urgente": True},
                {"titre_complet": "Rien à ouvrir", "url": "", "texte": "", "urgente": False},
            ],
        }
    ],
    "bouton": Lien("Voir mes notifications", "/notifications/"),
    "raison": "Vous avez choisi ce message.",
    "preferences_url": "/notifications/preferences/",
}


def resume(**changes: object) -> Rendu:
    return render("notifications/courriels/resume.html", {**CONTEXTE, **changes})


def test_the_subject_is_the_title():
    assert resume().sujet == "Votre journée\u00a0: une nouvelle"
    assert resume(titre="A\nBcc: x@y.example").sujet == "A Bcc: x@y.example"


def test_addresses_are_whole(settings: Settings):
    html = resume().html
    assert f'href="{settings.SITE_URL}/annuaire/"' in html
    assert 'href="/' not in html


def test_the_text_says_what_the_html_says():
    text = resume().texte
    assert "Urgent\u00a0: Agnès & Paul <3 (http://testserver/annuaire/)\nDeux arrivées" in text
    assert "- Rien à ouvrir" in text
    assert "Voir mes notifications\u00a0:\nhttp://testserver/notifications/" in text
    assert "Choisir mes messages (http://testserver/notifications/preferences/)" in text
    assert text.index("Annuaire") < text.index("Agnès")


def test_what_is_for_the_eye_only_stays_out_of_the_text():
    text = resume().texte
    assert "Le bouton ne marche pas" not in text
    assert text.count("Agnès") == 1
    assert "body {" not in text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))


def test_nothing_is_loaded_from_anywhere():
    reader = _Tags()
    reader.feed(resume().html)
    assert {tag for tag, _ in reader.tags} & {"img", "link", "script", "iframe", "form"} == set()
    assert "url(" not in resume().html
    assert all(attrs.get("role") == "presentation" for tag, attrs in reader.tags if tag == "table")


def test_names_are_escaped():
    groupes = [{"espace": {"libelle": "<b>"}, "lignes": CONTEXTE["groupes"][0]["lignes"]}]
    html = resume(groupes=groupes, titre="<script>").html
    assert "<script>" not in html
    assert "&lt;b&gt;" in html


def test_headers():
    options = {"reply_to": "equipe@essai.example", "preferences_url": "/notifications/preferences/"}
    message = build(resume(), "a@essai.example", message_id="<1@essai.example>", **options).message()
    assert message["Message-ID"] == "<1@essai.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "equipe@essai.example"
    assert message["List-Unsubscribe"].startswith("<http://testserver/notifications/preferences/>, <mailto:equipe@")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert "List-Unsubscribe-Post" not in message
    alone = build(resume(), "a@essai.example", message_id="<1@essai.example>", un_clic=True, **options).message()
    assert alone["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_direct_mail_cannot_be_unsubscribed_from():
    message = build(resume(), "a@essai.example", message_id="<1@essai.example>").message()
    assert "List-Unsubscribe" not in message


@pytest.mark.parametrize(
    ("html", "texte"),
    [
        (
            "<body><h1>Titre</h1><p>Une  ligne<br>puis\n une autre</p><ul><li>un</li><li>deux</li></ul></body>",
            "Titre\n\nUne ligne\npuis une autre\n\n- un\n- deux\n",
        ),
        (
            '<body><p>Écrire à <a href="mailto:a@b.example">a@b.example</a>.</p></body>',
            "Écrire à a@b.example.\n",
        ),
    ],
)
def test_text_of_paragraphs_and_lists(tmp_path: Path, settings: Settings, html: str, texte: str):
    (tmp_path / "essai.html").write_text(html, encoding="utf-8")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]
    assert render("essai.html", {}).texte == texte
