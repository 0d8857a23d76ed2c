"""The tests' own tools do what the tests trust them to do."""

import threading

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.template import Context, Origin, Template, engines
from wagtail.models import Locale, Page, Site

from tests.mesures import Figure, table
from tests.strict_templates import UndefinedVariable

OURS = f"{settings.BASE_DIR}/templates/essai.html"
THEIRS = "/usr/lib/python3/site-packages/wagtail/admin/templates/essai.html"


def render(source: str, origin: str, **context: object) -> str:
    template = Template(source, origin=Origin(name=origin), engine=engines["django"].engine)
    return template.render(Context(context))


@pytest.mark.parametrize("source", ["{{ rien }}", "{{ agent.nomm }}", "{{ rien|default:'x' }}", "{{ agent.nom.url }}"])
def test_undefined_variable_of_ours_fails(source: str):
    with pytest.raises(UndefinedVariable):
        render(source, OURS, agent={"nom": None})


@pytest.mark.parametrize("source", ["{% if rien %}{% endif %}", "{% for x in rien %}{% endfor %}", "{{ agent.nom }}"])
def test_what_django_lets_pass_on_purpose_passes(source: str):
    assert render(source, OURS, agent={"nom": ""}) == ""


def test_undefined_variable_of_wagtail_is_empty():
    assert render("{{ rien }}", THEIRS) == ""
    assert render("{{ rien|default:'x' }}", THEIRS) == "x"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_real_transaction_leaves_what_installer_made(turn: int):
    """Each turn finds everything, and breaks it, also from another thread."""
    assert Locale.objects.filter(language_code="fr").exists()
    assert Site.objects.get(is_default_site=True).root_page.depth > 1
    assert Group.objects.exists()
    Site.objects.all().delete()
    Page.objects.all().delete()

    def empty() -> None:
        Group.objects.all().delete()
        connection.close()

    thread = threading.Thread(target=empty)
    thread.start()
    thread.join()
    assert not Group.objects.exists()


@pytest.mark.parametrize(
    ("figure", "ok", "target"),
    [
        (Figure("mémoire", 260, "Mo", most=260), True, "≤ 260"),
        (Figure("mémoire", 261, "Mo", most=260), False, "≤ 260"),
        (Figure("débit", 0.5, "", least=0.6), False, "≥ 0,6"),
        (Figure("débit", 0.5), None, ""),
    ],
)
def test_figure_says_whether_its_target_is_met(figure: Figure, ok: bool | None, target: str):
    assert (figure.ok, figure.target) == (ok, target)
    assert figure.name in table([figure])
