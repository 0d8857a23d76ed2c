"""`installer`: on an empty database, twice, after a flush, and beside what editors have changed."""

import time
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Collection, GroupPagePermission, Locale, Page, PageLogEntry, Site

from collectivites.enums import Domaine
from home.installation import install
from home.models import AidePage, FicheTraitement, HomePage, MentionsLegalesPage, PageStandard


def tree() -> list[tuple]:
    return list(Page.objects.order_by("path").values_list("path", "slug", "title", "live", "content_type__model"))


@pytest.mark.django_db
class TestInstaller:
    def test_the_history_begins_with_nothing_of_wagtail_s(self):
        """Its page of welcome is taken away, with the line that says so."""
        home = HomePage.objects.get()
        home.get_parent().add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home"))
        HomePage.objects.filter(pk=home.pk).first().delete()
        install()
        assert not Page.objects.filter(slug="home").exists()
        assert not PageLogEntry.objects.filter(label__startswith="Welcome").exists()

    def test_what_it_makes(self):
        """The database of the tests is made by `migrate` then `installer`."""
        assert [slug for _, slug, *_ in tree()] == [
            "root",
            "accueil",
            "actualites",
            "mentions-legales",
            "donnees-personnelles",
            "accessibilite",
            "aide",
            "prendre-en-main",
            "questions-frequentes",
            "ecrire-a-l-equipe",
            "ressources",
            "materiel",
            "convention-epci-commune",
            "convention-cadre-epci-commune",
            "convention-commune-commune",
            "convention-cadre-commune-commune",
            "convention-avec-conducteur",
            "convention-cadre-avec-conducteur",
            "convention-pret-usage",
            "convention-cadre-pret-usage",
            "reglement",
            "formations",
            "annuaire",
        ]
        site = Site.objects.get()
        assert (site.root_page.specific, site.is_default_site) == (HomePage.objects.get(), True)
        assert list(Locale.objects.values_list("language_code", flat=True)) == ["fr"]

    def test_a_second_run_changes_nothing(self):
        before = tree()
        with CaptureQueriesContext(connection) as captured:
            install()
        assert tree() == before
        writes = [q["sql"] for q in captured if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
        assert writes == []

    def test_quick(self):
        start = time.monotonic()
        call_command("installer", verbosity=0)
        assert time.monotonic() - start < 10

    def test_says_what_it_did(self):
        out = StringIO()
        call_command("installer", stdout=out)
        assert "home\u00a0: en place" in out.getvalue()
        assert out.getvalue().index("collectivites") < out.getvalue().index("home")

    def test_what_editors_changed_is_theirs(self):
        page = MentionsLegalesPage.objects.get()
        page.title, page.corps = "Qui publie", [("texte", "<p>Nous.</p>")]
        page.save_revision().publish()
        PageStandard.objects.get(slug="ecrire-a-l-equipe").delete()
        FicheTraitement.objects.filter(code="comptes").update(actif=False, intitule="Nos comptes")
        call_command("installer", verbosity=0)
        page.refresh_from_db()
        assert page.title == "Qui publie"
        assert str(page.corps).count("Nous.") == 1
        assert not PageStandard.objects.filter(slug="ecrire-a-l-equipe").exists()
        sheet = FicheTraitement.objects.get(code="comptes")
        assert (sheet.actif, sheet.intitule) == (False, "Nos comptes")

    def test_the_site_follows_its_address(self, settings: Settings):
        settings.SITE_URL = "https://extranet.essai.example"
        install()
        site = Site.objects.get()
        assert (site.hostname, site.port) == ("extranet.essai.example", 443)

    def test_who_may_write(self):
        home = HomePage.objects.get()
        given = GroupPagePermission.objects.filter(page=home).values_list("group__name", "permission__codename")
        assert Counter(name for name, _ in given) == {Domaine.CONTENU.label: 5, Domaine.ADMINISTRATION.label: 5}
        assert set(Domaine.labels) <= set(Group.objects.values_list("name", flat=True))

    def test_a_welcome_page_that_became_something_stays(self):
        root = Page.get_first_root_node()
        mine = root.add_child(instance=Page(title="À nous", slug="home"))
        mine.add_child(instance=Page(title="Dessous", slug="dessous"))
        install()
        assert Page.objects.filter(pk=mine.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_flush():
    """A flush empties what the migrations of Wagtail wrote: root page, locale, root collection, site."""
    call_command("flush", interactive=False, verbosity=0)
    assert not Page.objects.exists()
    call_command("installer", verbosity=0)
    first = tree()
    call_command("installer", verbosity=0)
    assert tree() == first
    assert HomePage.objects.get().live
    assert Collection.get_first_root_node()
    assert AidePage.objects.get().get_children().count() == 3
