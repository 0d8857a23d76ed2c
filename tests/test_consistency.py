"""What no single file can promise: names, sizes, words, versions, migrations, triggers and figures of the house."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from extranet.lib.declencheurs import all_triggers

ROOT = Path(settings.BASE_DIR)
OURS = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
# Written by others, whole: their words and lengths are theirs.
VENDORED = ("static/vendor/", "static/polices/", "tests/vendor/")
MAX_LINES = 320
MEASURES = ROOT / "docs" / "mesures.md"

# Absolute paths of somebody's machine, servers that packages come from, signatures of generators.
FOREIGN_WORDS = re.compile(
    r"(?<![\w.$}>)*-])/(?:work|root|home/\w+|mnt|opt|Users)/\w"
    r"|(?<![\w.$}:-])/tmp/\w"
    r"|\.\./shared|venv-scratch"
    r"|files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian\.org|crates\.io"
    r"|co-authored-by|generated (?:with|by) (?:an? )?(?:ai|assistant|llm)|language model",
    re.I,
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError$|à faire plus tard")
# Words that keep their capital inside a sentence, hence at its start too.
CAPITALISED = re.compile(r"(?![A-Z0-9]{2,}|[A-Z]\b|Wagtail)[A-ZÀ-Þ]")


def tracked_files() -> list[Path]:
    """What is in the repository, or will be: ignored files are not of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in names if name and not name.startswith(VENDORED) and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """Empty for a binary file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_matching(pattern: re.Pattern, paths: list[Path]) -> list[str]:
    return [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(text_of(path).split("\n"), 1)
        if pattern.search(line)
    ]


def our_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def our_models() -> list[type[models.Model]]:
    return [model for config in our_apps() for model in config.get_models()]


def others() -> list[Path]:
    """Every file but this one, which has to spell what it forbids."""
    return [path for path in tracked_files() if path != Path(__file__)]


def test_nothing_names_a_machine_or_a_registry():
    assert lines_matching(FOREIGN_WORDS, others()) == []


def test_nothing_is_left_to_do():
    assert lines_matching(UNFINISHED, others()) == []


def test_files_stay_short():
    measured = {".py", ".html", ".txt", ".js", ".sh", ""}
    exempt = {"LICENSE", "requirements.lock"}
    long = [
        f"{named(path)} : {count} lignes"
        for path in tracked_files()
        if path.suffix in measured and path.name not in exempt and "migrations" not in path.parts
        if (count := text_of(path).count("\n")) > MAX_LINES
    ]
    assert long == []


def defined_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def test_names_have_no_accent():
    accented = [
        f"{named(path)}:{line}: {name}"
        for path in tracked_files()
        if path.suffix == ".py"
        for line, name in defined_names(ast.parse(text_of(path)))
        if not name.isascii()
    ]
    assert accented == []


def test_no_catch_all_module():
    refused = {"services.py", "utils.py", "mixins.py", "helpers.py", "common.py", "misc.py"}
    assert [named(path) for path in tracked_files() if path.name in refused] == []


def test_every_folder_of_tests_is_a_package():
    """Else two `test_models.py` are one module for pytest, which runs the first only."""
    folders = {path.parent for path in tracked_files() if path.name.startswith("test_") and path.suffix == ".py"}
    assert [named(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_labels_begin_in_lower_case():
    """Our own labels are plain strings; those inherited from Wagtail are translated ones."""
    labels = {model._meta.label: model._meta.verbose_name for model in our_models()} | {
        str(field): field.verbose_name for model in our_models() for field in model._meta.local_fields
    }
    ours = {where: label for where, label in labels.items() if isinstance(label, str)}
    assert {where: label for where, label in ours.items() if CAPITALISED.match(label)} == {}


def test_every_model_has_a_name_for_people():
    assert [model._meta.label for model in our_models() if model.__str__ is models.Model.__str__] == []


def test_every_requirement_has_its_version_and_its_reason():
    entry = re.compile(r"^(?:[A-Za-z0-9_.-]+(?:\[\w+\])?==[\w.]+|-r requirements\.txt)  # \w.{8,}$")
    wrong = [
        f"{name} : {line}"
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in text_of(ROOT / name).splitlines()
        if line and not line.startswith("#") and not entry.match(line)
    ]
    assert wrong == []


def test_direct_requirements_agree_with_the_lock():
    pin = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[\w+\])?==([\w.]+)", re.M)

    def pins(name: str) -> dict[str, str]:
        return {key.lower().replace("_", "-"): version for key, version in pin.findall(text_of(ROOT / name))}

    lock = pins("requirements.lock")
    asked = pins("requirements.txt") | pins("requirements-dev.txt")
    assert {name: lock.get(name) for name in asked} == asked


def test_what_is_imported_is_named():
    """What only comes with another package would leave with it, and change version without a word."""
    given = packages_distributions()
    asked = {
        name: set(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[\w+\])?==", text_of(ROOT / name), re.M))
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    served = {_plain(name) for name in asked["requirements.txt"]}
    known = served | {_plain(name) for name in asked["requirements-dev.txt"]}
    tools = {"extranet/imprimes/polices/make_fonts.py"}  # run by hand, outside of the project's environment
    unnamed = {}
    for path in tracked_files():
        where = str(path.relative_to(ROOT))
        if path.suffix != ".py" or where in tools:
            continue
        for package in _imported(path) - OURS - sys.stdlib_module_names:
            distributions = {_plain(name) for name in given.get(package, [package])}
            if not distributions & (known if where.startswith("tests/") else served):
                unnamed.setdefault(package, where)
    assert unnamed == {}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    nodes = list(ast.walk(ast.parse(text_of(path))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.partition(".")[0] for name in plain | {n.module for n in nodes if isinstance(n, ast.ImportFrom)}}


def test_migrations_are_linear():
    graph = MigrationLoader(connection=None).graph
    for config in our_apps():
        leaves = graph.leaf_nodes(config.label)
        assert len(leaves) <= 1, f"{config.label} : plusieurs dernières migrations {leaves}"
        numbers = sorted(int(name[:4]) for label, name in graph.nodes if label == config.label)
        assert numbers == list(range(1, len(numbers) + 1)), f"{config.label} : numéros {numbers}"


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_trigger_is_in_the_database():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    expected = set()
    for trigger in all_triggers():
        if connection.vendor == "sqlite":
            expected |= {re.search(r"CREATE TRIGGER (\w+)", statement)[1] for statement in trigger.sqlite}
        else:
            expected.add(trigger.nom)
    assert expected
    assert expected - present == set()


def measures() -> list[str]:
    """The sections of `docs/mesures.md`: what stands under each second-level title."""
    return re.split(r"^## ", text_of(MEASURES), flags=re.M)[1:]


def test_every_figure_says_how_and_when_it_was_taken():
    assert measures(), "docs/mesures.md n’a aucune mesure"
    for section in measures():
        title = section.split("\n", 1)[0]
        assert re.search(r"^Commande : `[^`]+`", section, re.M), f"{title} : la commande manque"
        day = re.search(r"^Date : (\d{4}-\d\d-\d\d)", section, re.M)
        assert day, f"{title} : la date manque (Date : 2026-01-31)"
        assert date.fromisoformat(day[1])
        assert re.search(r"^Commit : `[0-9a-f]{7,40}`", section, re.M), f"{title} : le commit manque"


@pytest.mark.parametrize("script", sorted((ROOT / "script").iterdir()), ids=lambda path: path.name)
def test_scripts_are_readable_by_bash(script: Path):
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert script.name.startswith("_") or script.stat().st_mode & 0o111, f"{script.name} n’est pas exécutable"
