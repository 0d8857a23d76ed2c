"""What rows of the access matrix are made of: a status for whoever is logged in, then the exceptions by role.

`anonyme` is 302 (to the login page) unless the address is open by law or by nature. 405: the address is open to this
person, and takes a form, not a visit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.acces.objets import Objets

LOGIN, FORM_ONLY, HIDDEN, RESERVED, STEP = 302, 405, 404, 403, 302


@dataclass(frozen=True)
class Ligne:
    """Expected statuses of a GET; `arguments` gives the words of the address."""

    connecte: int = 200
    anonyme: int = LOGIN
    arguments: Callable[[Objets], dict] | None = None
    sauf: dict[str, int] = field(default_factory=dict)

    def expected(self, role: str) -> int:
        if role == "anonyme":
            return self.anonyme
        return self.sauf.get(role, self.connecte)


def pk_of(name: str) -> Callable[[Objets], dict]:
    return lambda objets: {"pk": getattr(objets, name).pk}


def proved(connecte: int, proved: int) -> Ligne:
    """Sensitive acts ask a fresh proof: only those who have just given their second factor are there at once."""
    return Ligne(connecte, sauf={"responsable": proved, "administrateur": proved})


OPEN = Ligne(anonyme=200)
DOOR = Ligne(connecte=STEP, anonyme=200)  # whoever is in has no business there
STEP_NOT_DUE = Ligne(connecte=STEP)  # a step of a login that was not begun
POST_ONLY = Ligne(FORM_ONLY)

NO_POSTE = {"sans_poste": RESERVED}
OF_THE_AREA = Ligne(RESERVED, sauf={"responsable": 200, "administrateur": 200})
INVITERS = {"gestionnaire_a": 200, "secretaire_b": 200, "responsable": 200, "administrateur": 200}
