"""The development page shows every component, and a field says what is wrong to everyone."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from home.composants import DemandeForm, composants

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMMENT = re.compile(r"{%\s*comment\b.*?endcomment\s*%}", re.S)


def component_name(path: Path) -> str:
    """`cotton/a_faire/item.html` is written `<c-a-faire.item>`; `cotton/fil/index.html`, `<c-fil>`."""
    name = path.relative_to(TEMPLATES / "cotton").with_suffix("").as_posix()
    return name.removesuffix("/index").replace("/", ".").replace("_", "-")


COMPONENTS = {component_name(path): path for path in (TEMPLATES / "cotton").rglob("*.html")}


def named_in(text: str) -> set[str]:
    return set(re.findall(r"<c-([a-z][\w.-]*)", COMMENT.sub("", text)))


def render(template: str, **context) -> str:
    return Template("{% load composants %}" + template).render(Context(context))


def test_every_component_is_shown():
    shown = set()
    for path in TEMPLATES.glob("home/*composants*.html"):
        shown |= named_in(path.read_text())
    through = shown | {
        name for component in shown & COMPONENTS.keys() for name in named_in(COMPONENTS[component].read_text())
    }
    assert COMPONENTS.keys() - through == set()


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_component_is_documented(name):
    text = COMPONENTS[name].read_text()
    assert re.match(r"({%\s*load [^%]*%})?{%\s*comment\s*%}\n\S.{5,}", text)


@pytest.mark.django_db
def test_page():
    request = RequestFactory().get("/composants/")
    request.user = AnonymousUser()
    page = composants(request).content.decode()
    assert page.count("<h1") == 1
    assert "Quatre réponses à corriger avant d’envoyer" in page
    identifiers = re.findall(r'\bid="([^"]*)"', page)
    assert sorted(identifiers) == sorted(set(identifiers))
    assert '=""' not in re.sub(r'(value|alt|href|action|data-focus|class|""|required|checked|disabled)=""', "", page)
    assert {
        target
        for target in re.findall(r'aria-(?:describedby|labelledby|controls)="([^"]+)"', page)
        for target in target.split()
    } <= set(identifiers)


class TestChamp:
    def field(self, name, data=None, attrs=""):
        return render(f'{{% cotton champ :champ="champ" {attrs} / %}}', champ=DemandeForm(data)[name])

    def test_error_and_help_are_tied_to_the_control(self):
        html = self.field("courriel", {"courriel": "mairie@foucherans"})
        assert 'aria-describedby="id_courriel_helptext id_courriel_error"' in html
        assert 'id="id_courriel_helptext"' in html
        assert 'id="id_courriel_error"' in html
        assert 'aria-invalid="true"' in html
        assert "form-control is-invalid" in html

    def test_only_an_optional_field_says_so(self):
        assert "(facultatif)" in self.field("travaux")
        assert "(facultatif)" not in self.field("courriel")

    def test_what_was_chosen_stays(self):
        html = self.field("frequence", {"frequence": "semaine"}, "segment")
        assert re.findall(r'value="(\w+)"[^>]*checked', html) == ["semaine"]
        html = self.field("themes", {"themes": ["cimetiere", "finances"]})
        assert re.findall(r'value="(\w+)"[^>]*checked', html) == ["cimetiere", "finances"]

    def test_choice_is_announced_with_its_consequence(self):
        html = self.field("lecteurs", attrs="cartes")
        assert "<strong>Les élus</strong>" in html
        assert "248 personnes dans les 47 communes" in html
        assert "|" not in html

    def test_a_long_text_is_refused_in_words_and_never_cut(self):
        class Form(forms.Form):
            ligne = forms.CharField(max_length=10)
            lignes = forms.CharField(max_length=10, widget=forms.Textarea)

        form = Form({"ligne": "bref", "lignes": "x" * 12})
        html = {name: render('{% cotton champ :champ="champ" / %}', champ=form[name]) for name in form.fields}
        assert 'maxlength="10"' in html["ligne"]
        assert "maxlength" not in html["lignes"]
        assert "x" * 12 + "</textarea>" in html["lignes"]
        assert "10 caractères au plus\u00a0: il y en a 12." in html["lignes"]

    def test_words_of_the_visitor_are_escaped(self):
        html = self.field("travaux", {"travaux": '"><script>alert(1)</script>'})
        assert "<script>" not in html


class TestErreurs:
    def test_each_line_leads_to_its_field(self):
        form = DemandeForm({"courriel": "x"})
        html = render('{% cotton erreurs :form="form" / %}', form=form)
        for target in re.findall(r'href="#([^"]+)"', html):
            assert f'id="{target}"' in render('{% cotton champs :form="form" / %}', form=form)

    def test_general_error_counts_once(self):
        form = DemandeForm({})
        form.add_error(None, "Tavaux prête 4 jours au plus.")
        count = len(form.errors)
        html = render("{{ form|nb_erreurs }}", form=form)
        assert html == str(count)

    def test_nothing_while_the_form_is_right(self):
        assert render('{% cotton erreurs :form="form" / %}', form=DemandeForm()).strip() == ""


@pytest.mark.parametrize(
    ("name", "status"), [("500.html", "panne"), ("503.html", "bientôt"), ("403_csrf.html", "trop longtemps")]
)
def test_page_of_a_broken_site_needs_neither_database_nor_context(name, status):
    assert status in get_template(name).render()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "words"), [("403.html", "ne vous est pas ouverte"), ("404.html", "n’existe plus")])
def test_refusal_without_any_reason(name, words):
    request = RequestFactory().get("/nulle-part/")
    request.user = AnonymousUser()
    page = get_template(name).render({}, request)
    assert words in page
    assert page.count("<h1") == 1
