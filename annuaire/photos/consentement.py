"""What a person accepts before their portrait is shown. A new wording is a new version, in a file beside the first."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from annuaire.enums import SensConsentement
from annuaire.models import Consentement

if TYPE_CHECKING:
    from collectivites.models import Agent

VERSION = "photo-v1"


@cache
def texte() -> str:
    """The words of the version in force, as they are kept with each agreement."""
    path = Path(__file__).resolve().parent.parent / "data" / f"consentement-{VERSION}.txt"
    return path.read_text(encoding="utf-8").strip()


def agree(agent: "Agent", by: "Agent") -> Consentement:
    """The agreement of `agent` to the text in force, recorded by `by`."""
    return Consentement.objects.create(
        agent=agent, sens=SensConsentement.ACCORD, version=VERSION, texte=texte(), par=by
    )


def take_back(accord: Consentement, by: "Agent") -> Consentement:
    """The end of an agreement, in the words that had been accepted."""
    return Consentement.objects.create(
        agent=accord.agent, sens=SensConsentement.RETRAIT, version=accord.version, texte=accord.texte, par=by
    )
