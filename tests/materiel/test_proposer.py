"""Posting a thing: five answers, the rest from its category, and nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.images import get_image_model

from collectivites.enums import Domaine
from materiel.enums import Conducteur, Mode, StatutBesoin
from materiel.installation import ATTENTE
from materiel.models import Besoin, Categorie, Materiel, MaterielPage, ReglagesMateriel
from materiel.parc.categories import propose
from materiel.parc.photos import forget_waiting
from tests.distribution import Distribution
from tests.materiel.envois import MINI_PELLE, SVG, answers, heic, jpeg, photo, post
from tests.materiel.factories import make_materiel, monday
from tests.ressources.factories import fetch
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PATH = "/materiel/proposer/"


@pytest.fixture
def agent(distribution: Distribution):
    return distribution.gestionnaire_a


def the_form(agent):
    return open_session(agent).get(PATH).context["form"]


def first(agent, **changed):
    return post(agent, PATH, **answers(the_form(agent), **{**MINI_PELLE, **changed}))


def errors(response):
    return {name: [str(one) for one in found] for name, found in response.context["form"].errors.items()}


def test_five_answers_post_the_mini_pelle_with_all_that_its_category_says(agent):
    response = first(agent, photo=photo())
    thing = Materiel.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/materiel/mini-pelle-25-t/")
    assert thing.page.live
    assert MaterielPage.objects.visible_to(agent).get() == thing.page
    earth = Categorie.objects.get(code="terrassement")
    assert (thing.categorie, thing.mode, thing.stock) == (earth, Mode.UNIQUE, 1)
    assert (thing.preavis_jours, thing.duree_max_jours, thing.tampon_apres) == (3, 4, 0)
    assert (thing.conducteur, thing.carburant) == (Conducteur.POSSIBLE, "à rendre plein")
    assert list(thing.habilitations.all()) == [earth.habilitation]
    assert (thing.lieu, thing.contact, thing.collectivite.nom) == ("Atelier, 12 rue des Prés", agent, "Aval")


def test_the_photo_is_kept_without_the_place_where_it_was_taken(agent):
    first(agent, photo=photo())
    page = Materiel.objects.get().page
    shown = page.photos[0].value["image"]
    assert (shown.collection.name, shown.default_alt_text) == ("Matériel", page.title)
    with shown.file.open("rb") as content, Image.open(content) as image:
        assert (image.size, dict(image.getexif())) == ((640, 480), {})


def test_a_heic_photo_is_converted(agent):
    first(agent, photo=photo("IMG_0413.HEIC", heic()))
    shown = Materiel.objects.get().page.photos[0].value["image"]
    assert shown.file.name.endswith(".jpg")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"nom": "", "categorie": "voirie"}, "nom", "Donnez-lui un nom"),
        ({"nom": "x" * 121, "categorie": "voirie"}, "nom", "trop long"),
        ({"stock": "0"}, "stock", "Prêtez-en au moins un"),
        ({"stock": "10000000"}, "stock", "entre 1 et 10"),
        ({"stock": "beaucoup"}, "stock", "nombre entier"),
        ({"categorie": "licorne"}, "categorie", "n’existe pas"),
        ({"nom": "Truc bleu"}, "categorie", "Choisissez à quoi il sert"),
        ({"lieu_autre": ""}, "lieu_autre", "Écrivez le lieu"),
        ({"duree_max_jours": "0"}, "duree_max_jours", ""),
        ({"tarif_jour": "cher"}, "tarif_jour", ""),
        ({"accessoires": "2 rampes\n2 rampes"}, "accessoires", "figure deux fois"),
    ],
)
def test_a_bad_answer_has_its_sentence_and_the_photo_stays(agent, wrong, field, sentence):
    response = first(agent, photo=photo(), **wrong)
    assert response.status_code == 200
    found = errors(response)
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert not Materiel.objects.exists()
    assert MaterielPage.objects.count() == 0
    kept = get_image_model().objects.get(collection__name=ATTENTE)
    assert f'name="photos" value="{kept.pk}"' in response.text
    for name, value in {**MINI_PELLE, **wrong}.items():
        assert response.context["form"][name].value() == value
    good = {**response.context["form"].data.dict(), **MINI_PELLE, "categorie": "terrassement"}
    good |= {"duree_max_jours": "4", "tarif_jour": "", "accessoires": "2 rampes"}
    assert post(agent, PATH, **good, photos=kept.pk).status_code == 302
    assert Materiel.objects.get().page.photos[0].value["image"] == kept


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (photo("IMG.jpg", jpeg() + b"\0" * 25 * 1024 * 1024), "pèse 25,1 Mo, pour 15 Mo au plus"),
        (photo("dessin.jpg", SVG), "est un SVG"),
        (photo("facture.jpg", b"%PDF-1.7\n" + b"x" * 100), "contient un PDF, pas une photo"),
        (photo("coupee.jpg", jpeg()[:300]), "abîmée ou incomplète"),
    ],
)
def test_a_photo_that_is_none_is_refused_and_the_words_stay(agent, sent, sentence):
    sent.seek(0)
    response = first(agent, photo=sent)
    assert sentence in errors(response)["photo"][0].replace("\u00a0", " ")
    assert response.context["form"]["nom"].value() == "Mini-pelle 2,5 t"
    assert not Materiel.objects.exists()
    assert not get_image_model().objects.exists()


def test_the_category_comes_from_the_longest_word_of_the_name():
    every = list(Categorie.objects.all())
    said = {nom: getattr(propose(nom, every), "code", None) for nom in ("Mini pelle Kubota", "80 barrières Vauban")}
    assert said == {"Mini pelle Kubota": "terrassement", "80 barrières Vauban": "securite"}
    assert propose("Broyeur de branches 12 cm", every).code == "espaces-verts"
    assert propose("Truc", every) is None


def test_the_page_follows_the_name_while_it_is_typed(agent):
    asked = answers(the_form(agent), nom="Nacelle 12 m")
    response = open_session(agent).get(PATH, asked, headers={"HX-Request": "true", "HX-Trigger": "q-nom"})
    text = response.text.replace("\u00a0", " ")
    assert "HX-Request" in response["Vary"]
    assert "« Levage » vient du nom." in text
    assert "trois jours au plus, cinq jours ouvrés de préavis" in text
    assert "rapport de vérification, assurance et notice à joindre" in text
    assert 'class="ec-errors"' not in text
    assert not Materiel.objects.exists()


def test_what_was_changed_by_hand_does_not_follow_the_category(agent):
    first(agent, duree_max_jours="9", carburant="électrique")
    thing = Materiel.objects.get()
    assert (thing.duree_max_jours, thing.carburant, thing.preavis_jours) == (9, "électrique", 3)


def test_a_category_chosen_by_hand_is_kept_whatever_the_name(agent):
    first(agent, categorie="urgence")
    assert Materiel.objects.get().categorie.code == "urgence"


def test_eighty_barriers_are_a_lot_and_numbers_make_a_fleet(agent):
    first(agent, nom="Barrières", stock="80", unite="barrières", accessoires="2 chariots (150 €)\nSangles")
    lot = Materiel.objects.get()
    assert (lot.mode, lot.stock, lot.unites) == (Mode.LOT, 80, "barrières")
    assert [(one.nombre, one.nom, one.valeur) for one in lot.accessoires.all()] == [
        (2, "chariots", 150),
        (1, "Sangles", None),
    ]


def test_later_is_a_draft_that_nobody_else_sees_and_goes_on(agent, distribution):
    response = first(agent, photo=photo(), brouillon="1")
    thing = Materiel.objects.get()
    path = reverse("materiel:materiel_update", args=[thing.pk])
    assert response["Location"] == path
    assert not thing.page.live
    assert not MaterielPage.objects.visible_to(distribution.secretaire_b).exists()
    assert open_session(distribution.secretaire_b).get(path).status_code == 404
    shown = open_session(agent).get(path)
    image = thing.page.photos[0].value["image"].get_rendition("fill-480x300")
    assert image.url in shown.text
    assert fetch(open_session(agent), image.url).status_code == 200
    assert fetch(open_session(distribution.secretaire_b), image.url).status_code == 404
    sent = answers(shown.context["form"], nom="Mini-pelle Kubota", photos=thing.page.photos[0].value["image"].pk)
    assert post(agent, path, **sent).status_code == 302
    thing.page.refresh_from_db()
    assert (thing.page.live, thing.page.title, len(thing.page.photos)) == (True, "Mini-pelle Kubota", 1)


def test_reviewed_it_waits_for_the_intercommunalite(agent, distribution):
    settings = ReglagesMateriel.load()
    settings.relecture = True
    settings.save()
    first(agent)
    thing = Materiel.objects.get()
    assert not thing.page.live
    assert thing.page.workflow_in_progress
    path = reverse("materiel:materiel_update", args=[thing.pk])
    assert "en cours de relecture" in open_session(agent).get(path).text
    state = thing.page.current_workflow_task_state
    state.task.specific.on_action(state, distribution.responsable, "approve")
    thing.page.refresh_from_db()
    assert thing.page.live


def test_a_double_click_posts_one(agent):
    sent = {**answers(the_form(agent), **MINI_PELLE)}
    client = open_session(agent)
    key = {"cle_unique": client.get(PATH).text.split('name="cle_unique" value="')[1].split('"')[0]}
    for _ in range(2):
        assert client.post(PATH, {**sent, **key}).status_code == 302
    assert Materiel.objects.count() == 1


def test_two_of_one_name_have_two_addresses(agent):
    for _ in range(2):
        first(agent)
    assert set(MaterielPage.objects.values_list("slug", flat=True)) == {"mini-pelle-25-t", "mini-pelle-25-t-2"}
    first(agent, nom="Proposer", categorie="voirie")
    assert MaterielPage.objects.filter(slug="proposer-2").exists()


def test_nobody_takes_the_photo_of_another(agent, distribution):
    open_session(distribution.secretaire_b).post("/materiel/proposer/photo/", {"photo": photo()})
    theirs = get_image_model().objects.get()
    first(agent, photos=theirs.pk)
    assert len(Materiel.objects.get().page.photos) == 0


def test_a_photo_sent_apart_is_shown_then_removed(agent):
    client = open_session(agent)
    response = client.post("/materiel/proposer/photo/", {"photo": [photo(), photo("b.jpg", SVG)]})
    kept = get_image_model().objects.get()
    assert f'name="photos" value="{kept.pk}"' in response.text
    assert "est un SVG" in response.text.replace("\u00a0", " ")
    assert fetch(client, kept.get_rendition("fill-480x300").url).status_code == 200
    response = client.post("/materiel/proposer/photo/", {"photos": kept.pk, "retirer": kept.pk})
    assert 'name="photos"' not in response.text


def test_photos_that_no_sheet_took_are_forgotten_after_a_week(agent):
    client = open_session(agent)
    client.post("/materiel/proposer/photo/", {"photo": photo()})
    first(agent, photo=photo("b.jpg"))
    assert forget_waiting() == 0
    get_image_model().objects.update(created_at=timezone.now() - timedelta(days=8))
    assert forget_waiting() == 1
    assert get_image_model().objects.get() == Materiel.objects.get().page.photos[0].value["image"]


def test_a_need_of_that_kind_is_shown(agent, distribution):
    Besoin.objects.create(
        collectivite=distribution.b,
        auteur=distribution.secretaire_b,
        categorie=Categorie.objects.get(code="terrassement"),
        objet="Une mini-pelle",
        statut=StatutBesoin.OUVERT,
        date_debut=monday(),
        date_fin=monday(),
    )
    response = first(agent, nom="Mini-pelle", lieu_autre="")
    assert "Bourg en cherche." in response.text


def test_places_already_given_are_offered(agent, distribution):
    make_materiel(collectivite=distribution.a, lieu="Atelier municipal, 3 rue Haute")
    labels = [label for _, label in the_form(agent)["lieu"].field.choices]
    assert labels[0] == "Atelier municipal|3 rue Haute"
    assert labels[-1] == "Un autre lieu"


def test_who_manages_nothing_is_told_whom_to_ask(distribution):
    response = open_session(distribution.agent_a).get(PATH)
    assert response.status_code == 403
    assert "Gisele Aval" in response.text
    assert post(distribution.agent_a, PATH, **MINI_PELLE).status_code == 403
    assert not distribution.agent_a.answers_for(Domaine.MATERIEL)


def test_the_page_costs_few_queries(agent, distribution, django_assert_max_num_queries):
    for n in range(5):
        make_materiel(f"Chose {n}", collectivite=distribution.a, lieu=f"Lieu {n}")
    client = open_session(agent)
    client.get(PATH)
    with django_assert_max_num_queries(25):
        client.get(PATH)
