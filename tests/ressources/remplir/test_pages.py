"""The pages of a model: one form, kept answers, the preview, the file, the log; and what is refused."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from collectivites.diffusion import code_collectivite
from collectivites.models import EntreeJournal, Poste
from ressources.models import ModeleARemplir, RessourcePage, Telechargement, ValeurGardee, VersionFichier
from ressources.remplir.champs import CHAMPS
from tests.collectivites.factories import FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.ressources.remplir.modeles import make_modele, open_text, paragraphs, word, words_of, words_of_odt
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

TEXTE = (
    "Le conseil {{ de_commune }}, réuni le {{ date_conseil }} sous {{ maire }}, compte {{ conseillers }} membres, "
    "dont {{ nb_presents }} présents et {{ nb_pouvoirs }} pouvoirs, soit {{ nb_votants }} votants pour {{ quorum }}."
)


@pytest.fixture
def version(distribution: Distribution) -> VersionFichier:
    distribution.a.nom = "Le Deschaux"
    distribution.a.save()
    return make_modele(word(TEXTE, entete="{{ COMMUNE }}"), collectivite=distribution.b)


class Remplissage:
    """Somebody in front of « Remplir »."""

    def __init__(self, client: Client, version: VersionFichier) -> None:
        self.client, self.url = client, reverse("ressources:remplir", args=[version.pk])

    def page(self) -> str:
        return self.client.get(self.url).content.decode()

    def send(self, *, prendre: bool = False, **answers: object) -> HttpResponse:
        key = re.search(r'name="cle_unique" value="([^"]+)"', self.page())[1]
        return self.client.post(self.url, {"cle_unique": key, **({"prendre": "1"} if prendre else {}), **answers})


REPONSES = {"maire": "Anne Bon", "conseillers": 15, "date_conseil": "2027-03-03", "nb_presents": 10, "nb_pouvoirs": 2}


def test_a_model_is_filled_for_the_acting_commune(distribution: Distribution, version: VersionFichier) -> None:
    alain = Remplissage(open_session(distribution.agent_a), version)
    html = alain.page()
    assert "du Deschaux" in html
    assert 'name="commune"' not in html
    shown = alain.send(**REPONSES).content.decode()
    assert "<mark>LE DESCHAUX</mark>" in shown
    assert "<mark>3\u00a0mars\u00a02027</mark>" in shown
    assert not Telechargement.objects.exists()
    response = alain.send(prendre=True, **REPONSES)
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    assert words_of(response.content).replace("\u00a0", " ").strip() == (
        "Le conseil du Deschaux, réuni le 3 mars 2027 sous Anne Bon, compte 15 membres, dont 10 présents et 2 "
        "pouvoirs, soit 12 votants pour 8.\nLE DESCHAUX"
    )
    row = Telechargement.objects.get()
    assert (row.version, row.agent, row.collectivite, row.rempli) == (
        version,
        distribution.agent_a,
        distribution.a,
        True,
    )


def test_what_the_commune_said_is_kept_and_journalled(distribution: Distribution, version: VersionFichier) -> None:
    Remplissage(open_session(distribution.agent_a), version).send(**REPONSES)
    kept = dict(ValeurGardee.objects.filter(collectivite=distribution.a).values_list("champ", "valeur"))
    assert kept == {"maire": "Anne Bon", "conseillers": "15"}
    lines = EntreeJournal.objects.filter(acte="valeur_gardee.donnee")
    assert {(line.agent, line.collectivite, line.donnees["champ"]) for line in lines} == {
        (distribution.agent_a, distribution.a, code) for code in kept
    }
    sylvie = Remplissage(open_session(distribution.secretaire_a), version)
    html = sylvie.page()
    assert 'value="Anne Bon"' in html
    assert "Alain Aval" in html
    sylvie.send(**REPONSES)
    assert lines.count() == 2
    assert set(ValeurGardee.objects.values_list("modifie_par", flat=True)) == {distribution.agent_a.pk}
    sylvie.send(**REPONSES | {"maire": "", "conseillers": 14})
    assert list(ValeurGardee.objects.values_list("champ", "valeur", "modifie_par")) == [
        ("conseillers", "14", distribution.secretaire_a.pk)
    ]
    assert EntreeJournal.objects.filter(acte="valeur_gardee.oubliee").count() == 1


def test_the_number_that_the_law_gives_is_said_beside_the_field(
    distribution: Distribution, version: VersionFichier
) -> None:
    distribution.a.population_municipale, distribution.a.population_annee = 1_036, 2026
    distribution.a.save()
    html = Remplissage(open_session(distribution.agent_a), version).page()
    assert "La loi en donne 15 à une commune de 1\u202f036\u00a0habitants." in html


def test_models_that_fill_themselves_in_have_their_own_filter(distribution: Distribution) -> None:
    """« À compléter à la main » is another thing; and what the search quotes names a field by its words."""
    version = make_modele(word(TEXTE), auteur=distribution.responsable, a_remplir=True)
    VersionFichier.objects.filter(pk=version.pk).update(texte="Le conseil {{ de_commune }}, {{ inconnu }}.")
    make_ressource("Règlement à trous", a_remplir=True)
    client = open_session(distribution.agent_a)
    filled = client.get("/ressources/?modele=seul").content.decode()
    assert version.fichier.page.title in filled
    assert "Règlement à trous" not in filled
    by_hand = client.get("/ressources/?modele=1").content.decode()
    assert version.fichier.page.title not in by_hand
    assert "Règlement à trous" in by_hand
    said = RessourcePage.to_index().get(pk=version.fichier.page_id).entree().texte
    assert said.startswith("Le conseil [Nom avec « de »], {{ inconnu }}.")


def test_another_commune_does_not_read_them(distribution: Distribution, version: VersionFichier) -> None:
    Remplissage(open_session(distribution.agent_a), version).send(**REPONSES)
    assert "Anne Bon" not in Remplissage(open_session(distribution.secretaire_b), version).page()
    assert not ValeurGardee.objects.visible_to(distribution.secretaire_b).exists()
    assert ValeurGardee.objects.visible_to(distribution.agent_a).count() == 2
    assert not ValeurGardee.objects.visible_to(None).exists()


def test_the_mayor_of_the_directory_is_written_and_not_asked(
    distribution: Distribution, version: VersionFichier
) -> None:
    """As everybody may read them: a hidden card is asked for, as if it were not there."""
    ValeurGardee.objects.create(
        collectivite=distribution.a, champ="maire", valeur="Dit avant", modifie_par=distribution.agent_a
    )
    PosteFactory(agent=distribution.elue_b, collectivite=distribution.a, fonction=FonctionFactory(code="maire"))
    alain = Remplissage(open_session(distribution.agent_a), version)
    assert 'name="maire"' not in alain.page()
    assert "Elise Bourg" in alain.send(**REPONSES).content.decode()
    assert ValeurGardee.objects.get(champ="maire").valeur == "Dit avant"
    distribution.elue_b.oppose_le = version.created_at
    distribution.elue_b.save()
    assert 'value="Dit avant"' in alain.page()
    assert "Elise Bourg" not in alain.page()


def test_what_is_left_empty_is_to_be_completed_by_hand(distribution: Distribution, version: VersionFichier) -> None:
    alain = Remplissage(open_session(distribution.agent_a), version)
    assert "Date du conseil, à compléter" in alain.send().content.decode()
    text = words_of(alain.send(prendre=True).content)
    assert "réuni le ……………… sous ………………" in text
    assert "{{" not in text


def test_wrong_answers_are_said_and_kept(distribution: Distribution, version: VersionFichier) -> None:
    alain = Remplissage(open_session(distribution.agent_a), version)
    response = alain.send(
        prendre=True, **REPONSES | {"nb_presents": 20, "nb_pouvoirs": 10000, "date_conseil": "3 mars"}
    )
    assert response.status_code == 422
    html = response.content.decode().replace("\u00a0", " ")
    assert "Le conseil compte 15 membres en exercice." in html
    assert "Donnez un nombre entier, de 0 à 9\u202f999." in html
    assert 'value="Anne Bon"' in html
    assert not ValeurGardee.objects.exists()
    assert not Telechargement.objects.exists()
    html = alain.send(**REPONSES | {"nb_presents": 5}).content.decode().replace("\u00a0", " ")
    assert "Le quorum est de 8 présents" in html


def test_a_value_is_text_on_the_page_and_in_the_file(distribution: Distribution, version: VersionFichier) -> None:
    alain = Remplissage(open_session(distribution.agent_a), version)
    bad = REPONSES | {"maire": "{{ conseillers }} <script>x</script>"}
    assert "<script>x" not in alain.send(**bad).content.decode()
    assert "sous {{ conseillers }} <script>x</script>, compte" in words_of(alain.send(prendre=True, **bad).content)


def test_the_form_is_done_for_the_commune_it_was_opened_for(
    distribution: Distribution, version: VersionFichier
) -> None:
    client = open_session(distribution.partage_ab)
    page = Remplissage(client, version)
    key = re.search(r'name="cle_unique" value="([^"]+)"', page.page())[1]
    other = Poste.objects.get(agent=distribution.partage_ab, collectivite=distribution.b)
    client.post(reverse("collectivites:agir_pour"), {"poste": other.pk})
    response = client.post(page.url, {"cle_unique": key, "prendre": "1", **REPONSES})
    assert "du Deschaux" in words_of(response.content)
    assert Telechargement.objects.get().collectivite == distribution.a
    assert "de Bourg" in words_of(page.send(prendre=True, **REPONSES).content)
    assert Telechargement.objects.count() == 2


def test_blank_then_filled_is_one_copy_of_the_day(distribution: Distribution, version: VersionFichier) -> None:
    client = open_session(distribution.agent_a)
    fetch(client, version.get_absolute_url())
    assert not Telechargement.objects.get().rempli
    Remplissage(client, version).send(prendre=True, **REPONSES)
    assert Telechargement.objects.get().rempli
    fetch(client, version.get_absolute_url())
    assert Telechargement.objects.get().rempli
    page = version.fichier.page
    log = open_session(distribution.responsable).get(reverse("ressources:telechargements", args=[page.pk]))
    assert "remplie" in log.content.decode()


def test_an_odt_is_filled_too(distribution: Distribution) -> None:
    version = make_modele(open_text(paragraphs(TEXTE)), nom="Délibération.odt")
    response = Remplissage(open_session(distribution.agent_a), version).send(prendre=True, **REPONSES)
    assert "opendocument" in response["Content-Type"]
    assert "soit 12 votants pour 8." in words_of_odt(response.content)


def test_the_sheet_offers_both(distribution: Distribution, version: VersionFichier) -> None:
    html = open_session(distribution.agent_a).get(version.fichier.page.url).content.decode()
    assert reverse("ressources:remplir", args=[version.pk]) in html
    assert "Remplir pour Le Deschaux" in html
    assert "Télécharger le modèle vierge" in html
    version.texte = "La mairie {{ de_commune }}, le [date], {{ inconnu }}"
    version.save()
    RessourcePage.objects.update(a_remplir=True)
    html = open_session(distribution.agent_a).get(version.fichier.page.url).content.decode()
    assert "<mark>[Nom avec « de »]</mark>, le <mark>[date]</mark>, <mark>{{ inconnu }}</mark>" in html
    plain = make_ressource("Sans champ")
    assert "Remplir pour" not in open_session(distribution.agent_a).get(plain.url).content.decode()


def test_nobody_fills_what_they_may_not_read(distribution: Distribution) -> None:
    hidden = make_modele(word(TEXTE), diffusion=[code_collectivite(distribution.b.pk)], collectivite=distribution.b)
    url = reverse("ressources:remplir", args=[hidden.pk])
    assert open_session(distribution.agent_a).get(url).status_code == 404
    assert open_session(distribution.secretaire_b).get(url).status_code == 200
    assert open_session(distribution.sans_poste).get(url).status_code == 404
    plain = make_ressource("Sans champ").fichiers.get().versions.get()
    assert open_session(distribution.agent_a).get(reverse("ressources:remplir", args=[plain.pk])).status_code == 404


def test_a_file_that_left_the_storage_says_so(distribution: Distribution, version: VersionFichier) -> None:
    version.file.storage.delete(version.file.name)
    response = Remplissage(open_session(distribution.agent_a), version).send(prendre=True, **REPONSES)
    assert "a disparu du stockage" in response.content.decode()
    assert not Telechargement.objects.exists()


def test_a_marked_file_that_is_hostile_is_not_rendered(distribution: Distribution) -> None:
    """Were the mark wrong, the file is looked into again at each filling."""
    page = make_ressource("Piège")
    trap = make_version(page.fichiers.get(), contenu=word("{{ commune.__class__ }}"), nom="piege.docx")
    ModeleARemplir.objects.create(version=trap, champs=["commune"], marque_par=page.owner)
    html = Remplissage(open_session(distribution.agent_a), trap).page()
    assert "celui qui a été vérifié" in html


def test_the_page_costs_the_same_for_ten_fields(
    distribution: Distribution, version: VersionFichier, django_assert_max_num_queries: object
) -> None:
    client = open_session(distribution.agent_a)
    client.get("/")
    with django_assert_max_num_queries(30) as first:
        client.get(reverse("ressources:remplir", args=[version.pk]))
    long = make_modele(
        word(*[f"{{{{ {code} }}}}" for code in ("insee", "tribunal", "departement", "objet", "pour", "epci")])
    )
    with django_assert_max_num_queries(30) as second:
        client.get(reverse("ressources:remplir", args=[long.pk]))
    assert len(first.captured_queries) == len(second.captured_queries)


def test_marking_a_file_that_is_already_there(distribution: Distribution) -> None:
    page = make_ressource("Courrier", owner=distribution.agent_a, collectivite=distribution.a)
    good = make_version(page.fichiers.get(), contenu=word("{{ commune }}"), nom="bon.docx")
    bad = make_version(page.fichiers.get(), contenu=word("", "x", "{{ comune }} {{ maire.x }}"), nom="mauvais.docx")
    alain = open_session(distribution.agent_a)
    url = reverse("ressources:modele", args=[good.pk])
    key = re.search(r'name="cle_unique" value="([^"]+)"', alain.get(url).content.decode())[1]
    assert alain.post(url, {"cle_unique": key}).status_code == 302
    assert ModeleARemplir.objects.get().codes == ["commune"]
    assert EntreeJournal.objects.filter(acte="version.modele").count() == 1
    html = alain.get(reverse("ressources:modele", args=[bad.pk])).content.decode().replace("\u00a0", " ")
    assert "« {{ comune }} », paragraphe 2" in html
    assert "Vouliez-vous « {{ commune }} »" in html
    assert "En faire un modèle" not in html
    key = re.search(r'name="cle_unique" value="([^"]+)"', alain.get(url).content.decode())[1]
    alain.post(url, {"cle_unique": key, "retirer": "1"})
    assert not ModeleARemplir.objects.exists()
    assert alain.get(reverse("ressources:modele", args=[page.fichiers.get().versions.last().pk])).status_code == 200
    assert open_session(distribution.secretaire_b).get(url).status_code == 403


def test_the_help_lists_every_field(distribution: Distribution) -> None:
    html = open_session(distribution.agent_a).get(reverse("ressources:champ_list")).content.decode()
    for champ in CHAMPS:
        assert champ.balise in html
    assert html.count("<table") == 6


def test_a_collectivite_says_a_thing_once(distribution: Distribution) -> None:
    row = {"collectivite": distribution.a, "champ": "tribunal", "modifie_par": distribution.agent_a}
    ValeurGardee.objects.create(valeur="Besançon", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ValeurGardee.objects.create(valeur="Dijon", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ValeurGardee.objects.create(valeur="", **row | {"champ": "maire"})
