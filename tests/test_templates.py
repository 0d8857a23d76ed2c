"""Every template of ours compiles, is used, includes what exists, and holds nothing that the CSP refuses."""

import ast
import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from wagtail.models import Page

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
REFERENCE = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
COMPONENT = re.compile(r"<c-([a-z][\w.-]*)")
# Django and allauth look for these by their name.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
MAILS = re.compile(r"(?:^|/)(?:courriels|emails?)/|wagtailadmin/notifications/")

# The CSP of the site refuses them, and the browser drops them without a word.
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=[\"']application/(?:json|ld\+json)))[^>]*>|<style\b|\sstyle\s*=|\son[a-z]{3,}\s*=|javascript:",
    re.I,
)
COMMENT = re.compile(r"{%\s*comment\b.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)
ICON = re.compile(r"""(?:\bicone=|<c-icone nom=)["']([a-z0-9-]+)["']""")

# French puts a space there that must not break: « : » alone at the head of a line is a fault.
TAG = re.compile(r"{%.*?%}|{{.*?}}|<script\b.*?</script>|<style\b.*?</style>", re.S)
TORN = re.compile(r"(?:[\w’»”)\]…#]|</\w+>) [:;?!»](?=[\s<\"'.,)#]|$)|« \S", re.M)


def our_templates() -> list[str]:
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """Blanked, not removed: line numbers stay right."""
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def component_names(name: str) -> set[str]:
    """Files that `<c-menu.en-tete>` may mean: `cotton/menu/en_tete.html`, or the `index.html` of that folder."""
    path = name.replace(".", "/").replace("-", "_")
    return {f"cotton/{path}.html", f"cotton/{path}/index.html"}


@cache
def named_in_python() -> frozenset[str]:
    """Every string that may be a template's name; what an f-string computes becomes `*`."""
    found = set()
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] in {"var", ".venv", "tests"} or path.name.startswith("."):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                found.add("".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values))
    return frozenset(text for text in found if re.fullmatch(r"[\w./*-]+\.(?:html|txt|xml|svg|typ)", text))


@cache
def named_in_templates() -> frozenset[str]:
    names = set()
    for name in our_templates():
        text = without_comments(source(name))
        names |= set(REFERENCE.findall(text))
        for component in COMPONENT.findall(text):
            names |= component_names(component)
    return frozenset(names)


def replaces_another(name: str) -> bool:
    """Whether Wagtail, allauth or Django have a template of this name, which ours replaces."""
    engine = engines["django"].engine
    own = engine.get_template(name).origin
    try:
        engine.find_template(name, skip=[own])
    except TemplateDoesNotExist:
        return False
    return True


def is_used(name: str) -> bool:
    pages = {model.template for model in apps.get_models() if issubclass(model, Page)}
    return (
        name in BY_NAME | pages | named_in_templates()
        or any(fnmatch(name, pattern) for pattern in named_in_python())
        or replaces_another(name)
    )


@pytest.mark.parametrize("name", our_templates())
def test_template(name: str):
    engines["django"].get_template(name)
    assert is_used(name), f"{name} n’est nommé nulle part"


def test_what_templates_name_exists():
    missing = []
    for name in our_templates():
        text = without_comments(source(name))
        for reference in REFERENCE.findall(text):
            try:
                engines["django"].get_template(reference)
            except TemplateDoesNotExist:
                missing.append(f"{name} : {reference}")
        for component in COMPONENT.findall(text):
            files = component_names(component)
            if component not in {"vars", "slot", "component"} and not any((FOLDER / file).exists() for file in files):
                missing.append(f"{name} : <c-{component}>")
    assert missing == []


def test_icons_are_in_the_sprite():
    """One that is not there draws nothing, and nobody is told."""
    drawn = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (ROOT / "static/icones/icones.svg").read_text("utf-8")))
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()}
    code = [path.read_text("utf-8") for name in ours for path in (ROOT / name).rglob("*.py")]
    named = {icon for text in [*map(source, our_templates()), *code] for icon in ICON.findall(without_comments(text))}
    assert named - drawn == set()


DYNAMIC = re.compile(r""" :([a-z_-]+)="([^"]*)\"""")


def is_resolved(value: str) -> bool:
    """What a component reads of it: a variable, a literal, or what a template writes. An expression is nothing."""
    if not value or "{%" in value or "{{" in value or re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", value):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return False
    return True


def test_attributes_of_components_are_resolved():
    """« not ouvertes » and « a or b » are silently false: a tab never active, a fold that hides its error."""
    read = {name: DYNAMIC.findall(without_comments(source(name))) for name in our_templates()}
    wrong = {name: bad for name, found in read.items() if (bad := [one for one in found if not is_resolved(one[1])])}
    assert wrong == {}


def test_expressions_are_recognised():
    assert not any(map(is_resolved, ("not ouvertes", "a or b", "a == 'x'", "a|length")))
    assert all(map(is_resolved, ("ouvertes", "form.nom", "12", "False", "['a', 'b']", "{% if a %}True{% endif %}")))


def test_nothing_inline():
    inline = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in our_templates()
        if name.endswith(".html") and not MAILS.search(name)
        for number, line in enumerate(without_comments(source(name)).split("\n"), 1)
        if INLINE.search(line)
    ]
    assert inline == []


def test_inline_is_recognised():
    refused = ["<script>a()</script>", '<p style="x">', '<a onclick="b()">', "<style>", '<a href="javascript:c()">']
    assert all(INLINE.search(line) for line in refused)
    allowed = ['<script src="/a.js" defer></script>', '<script id="x" type="application/json">', "<p data-style=x>"]
    assert not any(INLINE.search(line) for line in allowed)


def torn(text: str) -> list[str]:
    return TORN.findall(TAG.sub("#", without_comments(text)))


def test_no_space_breaks_before_a_punctuation():
    faults = {name: torn(source(name)) for name in our_templates()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_space_that_breaks_is_recognised():
    assert torn("<p>Besoin d’aide ?</p>") == ["e ?"]
    assert torn("{{ nom }} : {{ suite }}") == ["# :"]
    assert torn("<a>droits</a> ;") == ["</a> ;"]
    assert torn("« bail »") == ["« b", "l »"]
    assert torn('{% if a %}x{% endif %}<p class="a">Quoi\u00a0? «\u00a0{{ q }}\u00a0», 8:30</p>') == []
